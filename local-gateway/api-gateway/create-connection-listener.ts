import type { ConnectionListener } from "./connection.ts";
import { createMessageDispatch } from "./create-message-dispatch.ts";
import { disconnect } from "./disconnect.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Makes what handles the messages of all connections, without waiting for one another, and runs `$disconnect` once one
 * has closed.
 *
 * Throws when the API's route selection expression cannot be read.
 */
export function createConnectionListener(context: GatewayContext): ConnectionListener {
  const { connections, pending, report } = context;
  const dispatch = createMessageDispatch(context);
  return {
    message: (connection, text) =>
      dispatch(connection, text).catch((error) => report({ kind: "error", error })),
    closed: (connection, cause) => {
      pending.add(disconnect(context, connection.details, cause));
      connections.remove(connection);
    },
  };
}
