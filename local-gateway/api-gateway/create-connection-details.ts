import type { IncomingMessage } from "node:http";
import type { ConnectionDetails } from "./connection-details.ts";
import { createId } from "./create-id.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** An IPv4 address as a socket writes it that listens on IPv6 too. */
const MAPPED_IPV4 = /^::ffff:/;

/** The details of a connection that begins now, with this upgrade request. */
export function createConnectionDetails(
  { api, domainName }: GatewayContext,
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
