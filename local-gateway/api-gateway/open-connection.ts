import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { Connection } from "./connection.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { disconnect } from "./disconnect.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Makes a completed upgrade a connection: reachable for the management API, its messages handed to `dispatch` without
 * waiting for one another, and `$disconnect` run once it has closed.
 */
export function openConnection(
  context: GatewayContext,
  details: ConnectionDetails,
  webSocket: WebSocket,
  socket: Duplex,
  dispatch: (connection: Connection, text: string) => Promise<void>,
): void {
  const { connections, pending, report } = context;
  const connection = new Connection(details, webSocket, context.limits);
  connections.add(connection);
  connection.listen(socket, {
    message: (text) =>
      dispatch(connection, text).catch((error) => report({ kind: "error", error })),
    closed: (cause) => {
      pending.add(disconnect(context, details, cause));
      connections.remove(connection);
    },
  });
}
