import type { IncomingMessage } from "node:http";

/** What stays the same for the whole life of a connection, and is told in each of its events. */
export interface ConnectionDetails {
  readonly connectionId: string;
  /** In milliseconds since 1970. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  /** Absent when the client sent no User-Agent. */
  readonly userAgent?: string;
  readonly apiId: string;
  readonly stage: string;
  /** The host name that a deployed API would have. */
  readonly domainName: string;
  /** Absent when the stage has none. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** What a Lambda authorizer said of the client: its principal and its context. Absent without an authorizer. */
  readonly authorizer?: Readonly<Record<string, string>>;
}

/** An upgrade request on its way through `$connect`. */
export interface ConnectRequest {
  readonly details: ConnectionDetails;
  readonly request: IncomingMessage;
  /** The same in every event that the request causes. */
  readonly requestId: string;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
}
