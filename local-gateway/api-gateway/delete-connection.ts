import type { Connections } from "./connections.ts";
import { GONE } from "./gone.ts";
import type { ManagementAnswer } from "./management-answer.ts";

/**
 * Begins to close a connection, with the code and reason that AWS chooses; a backend cannot choose others. Posts to it
 * are gone from now on, and its `$disconnect` runs once it is closed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function deleteConnection(connections: Connections, connectionId: string): ManagementAnswer {
  const connection = connections.reachable(connectionId);
  if (!connection) {
    return GONE;
  }
  connection.close({
    code: 1000,
    reason: "Connection Closed Normally",
    explanation: "by the management API",
  });
  return { status: 204 };
}
