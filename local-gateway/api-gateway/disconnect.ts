import { createId } from "../ids.ts";
import type { DisconnectCause } from "../observation.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import type { GatewayContext } from "./context.ts";
import { disconnectEvent } from "./events.ts";
import { callRoute } from "./integration.ts";

/**
 * Runs `$disconnect` for a connection that has ended. What the function answers means nothing. The event is delivered with
 * best effort only: the faults `dropDisconnect` and `delayDisconnect` lose it or let it wait.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export async function disconnect(
  context: GatewayContext,
  connection: ConnectionDetails,
  cause: DisconnectCause,
): Promise<void> {
  const problem = await runDisconnect(context, connection, cause);
  context.report({
    kind: "disconnected",
    connectionId: connection.connectionId,
    cause,
    ...(problem !== undefined && { problem }),
  });
}

/** What went wrong, if anything did. */
async function runDisconnect(
  context: GatewayContext,
  connection: ConnectionDetails,
  cause: DisconnectCause,
): Promise<string | undefined> {
  const { api, faults } = context;
  const { connectionId } = connection;
  const route = api.routes.get("$disconnect");
  const fault =
    route &&
    faults.trigger(["dropDisconnect", "delayDisconnect"], { subject: "$disconnect", connectionId });
  if (fault === "dropDisconnect") {
    return;
  }
  if (fault === "delayDisconnect") {
    await faults.delay(fault);
  }
  const event = disconnectEvent(connection, cause, createId());
  const outcome = await callRoute(context, route, event, connectionId);
  return outcome === undefined || outcome.kind === "answered" ? undefined : outcome.problem;
}
