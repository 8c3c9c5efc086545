import type { IncomingMessage } from "node:http";
import type { ConnectionDetails } from "./connection-details.ts";

/** An upgrade request on its way through `$connect`. */
export interface ConnectRequest {
  readonly details: ConnectionDetails;
  readonly request: IncomingMessage;
  /** The same in every event that the request causes. */
  readonly requestId: string;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
}
