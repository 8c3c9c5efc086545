import type { Connections } from "./connections.ts";
import { GONE } from "./gone.ts";
import type { ManagementAnswer } from "./management-answer.ts";

/**
 * Tells about a connection; `userAgent` is null when the client sent none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function getConnection(connections: Connections, connectionId: string): ManagementAnswer {
  const connection = connections.reachable(connectionId);
  if (!connection) {
    return GONE;
  }
  const { connectedAt, sourceIp, userAgent = null } = connection.details;
  const body = JSON.stringify({
    identity: { sourceIp, userAgent },
    connectedAt: new Date(connectedAt).toISOString(),
    lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
  });
  return { status: 200, body };
}
