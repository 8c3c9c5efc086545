import type { IncomingHttpHeaders } from "node:http";

/** The answer to an HTTP request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
