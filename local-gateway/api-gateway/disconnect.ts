import { callRoute } from "./call-route.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { createId } from "./create-id.ts";
import type { DisconnectCause } from "./disconnect-cause.ts";
import { disconnectEvent } from "./disconnect-event.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Runs `$disconnect` for a connection that has ended. What the function answers means nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export async function disconnect(
  context: GatewayContext,
  connection: ConnectionDetails,
  cause: DisconnectCause,
): Promise<void> {
  const event = disconnectEvent(connection, cause, createId());
  const outcome = await callRoute(context, context.api.routes.get("$disconnect"), event);
  const failed = outcome !== undefined && outcome.kind !== "answered";
  context.report({
    kind: "disconnected",
    connectionId: connection.connectionId,
    cause,
    ...(failed && { problem: outcome.problem }),
  });
}
