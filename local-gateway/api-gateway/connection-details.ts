import type { IncomingMessage } from "node:http";
import { createId } from "../ids.ts";
import type { ConnectedClient } from "../observation.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";

/** What stays the same for the whole life of a connection, and is in each of its events. */
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

/** The client of a connection, as it is reported. */
export function clientOf(details: ConnectionDetails): ConnectedClient {
  const { stage, sourceIp, userAgent, authorizer } = details;
  return { stage, sourceIp, userAgent, principalId: authorizer?.principalId };
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

/** An IPv4 address as a socket writes it that listens on IPv6 too. */
const MAPPED_IPV4 = /^::ffff:/;

/**
 * The details of a connection that begins now, with this upgrade request.
 *
 * @param domainName the host name that the API would have on AWS
 */
export function createConnectionDetails(
  api: Pick<WebSocketApi, "apiId" | "stage" | "stageVariables">,
  domainName: string,
  { headers, socket }: IncomingMessage,
): ConnectionDetails {
  const userAgent = headers["user-agent"];
  return {
    connectionId: createId(),
    connectedAt: Date.now(),
    sourceIp: (socket.remoteAddress ?? "").replace(MAPPED_IPV4, ""),
    ...(userAgent !== undefined && { userAgent }),
    apiId: api.apiId,
    stage: api.stage,
    domainName,
    ...(api.stageVariables && { stageVariables: api.stageVariables }),
  };
}
