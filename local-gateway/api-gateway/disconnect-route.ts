import type { Faults } from "../faults/faults.ts";
import { createId } from "../ids.ts";
import type { DisconnectCause, Observation } from "../observation.ts";
import type { Route } from "../template/web-socket-api.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { disconnectEvent } from "./events.ts";
import type { Integrations } from "./integration.ts";

/** What the `$disconnect` events of one API need. */
interface DisconnectRouteOptions {
  /** Absent when the API has no such route. */
  readonly route: Route | undefined;
  readonly integrations: Integrations;
  readonly faults: Faults;
  readonly report: (observation: Observation) => void;
}

/**
 * The `$disconnect` route of one API. Its event is delivered with best effort only: the faults `dropDisconnect` and
 * `delayDisconnect` lose or delay it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export class DisconnectRoute {
  readonly #options: DisconnectRouteOptions;

  constructor(options: DisconnectRouteOptions) {
    this.#options = options;
  }

  /** Runs the route for a connection that has ended. The function's answer has no effect. */
  async run(connection: ConnectionDetails, cause: DisconnectCause): Promise<void> {
    const { connectionId } = connection;
    const requestId = createId();
    const problem = await this.#deliver(connection, cause, requestId);
    this.#options.report({
      kind: "disconnected",
      connectionId,
      requestId,
      cause,
      ...(problem !== undefined && { problem }),
    });
  }

  /** Gives what went wrong with the function, if anything did. */
  async #deliver(
    connection: ConnectionDetails,
    cause: DisconnectCause,
    requestId: string,
  ): Promise<string | undefined> {
    const { route, integrations, faults } = this.#options;
    const { connectionId } = connection;
    const target = { subject: "$disconnect", connectionId };
    const fault = route && faults.trigger(["dropDisconnect", "delayDisconnect"], target);
    if (fault === "dropDisconnect") {
      return;
    }
    if (fault === "delayDisconnect") {
      await faults.delay(fault);
    }
    const event = disconnectEvent(connection, cause, requestId);
    const outcome = await integrations.call(route, event, connectionId);
    return "problem" in outcome ? outcome.problem : undefined;
  }
}
