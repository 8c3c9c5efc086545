import { validateHeaderValue } from "node:http";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import type { ConnectionAuthorizer } from "./authorizer.ts";
import type { ConnectionDetails, ConnectRequest } from "./connection-details.ts";
import { connectEvent } from "./events.ts";
import type { IntegrationOutcome, Integrations, ProxyResult } from "./integration.ts";
import type { RouteThrottles } from "./throttling.ts";

/** What an upgrade passes on its way. */
interface ConnectRouteOptions {
  readonly api: Pick<WebSocketApi, "routes">;
  readonly throttles: RouteThrottles;
  readonly authorizer: ConnectionAuthorizer;
  readonly integrations: Integrations;
}

/** Whether a client may connect: the connection as it is from now on, or the status that rejects it. */
export type ConnectDecision =
  | { readonly ok: true; readonly details: ConnectionDetails; readonly subprotocol?: string }
  | {
      readonly ok: false;
      readonly status: number;
      /** For the console. */
      readonly problem: string;
    };

/** The `$connect` route of one API, with what comes before its integration. */
export class ConnectRoute {
  readonly #options: ConnectRouteOptions;

  constructor(options: ConnectRouteOptions) {
    this.#options = options;
  }

  /**
   * Takes an upgrade request through the stage's throttle, the API's authorization and the integration of `$connect`, in
   * this order: AWS documents that authorization runs before the integration, not where throttling stands. Without a
   * `$connect` route, or without an integration behind it, that step is left out.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
   */
  async run(connect: ConnectRequest): Promise<ConnectDecision> {
    const { api, throttles, authorizer, integrations } = this.#options;
    const route = api.routes.get("$connect");
    const throttled = route && throttles.take(route);
    if (throttled?.ok === false) {
      return { ok: false, status: 429, problem: throttled.problem };
    }
    const authorization = await authorizer.authorize(connect);
    if (!authorization.ok) {
      return authorization;
    }
    const details = {
      ...connect.details,
      ...(authorization.context && { authorizer: authorization.context }),
    };
    const event = connectEvent({ ...connect, details });
    return decide(details, await integrations.call(route, event, details.connectionId));
  }
}

const STATUS_OF_FAILURE = { malformed: 502, failed: 502, rejected: 500, "timed out": 504 } as const;

/**
 * What `$connect` decides: a status of 200 to 299 completes the upgrade, any other becomes the answer's own, and a failed
 * call is 502, 500 (Lambda did not run it) or 504 (it took too long).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
function decide(details: ConnectionDetails, outcome: IntegrationOutcome): ConnectDecision {
  if (outcome.kind === "none") {
    return { ok: true, details };
  }
  if (outcome.kind !== "answered") {
    return { ok: false, status: STATUS_OF_FAILURE[outcome.kind], problem: outcome.problem };
  }
  const { statusCode } = outcome.result;
  if (statusCode < 200) {
    const problem = `${statusCode} cannot be the answer to an upgrade`;
    return { ok: false, status: 502, problem };
  }
  if (statusCode >= 300) {
    return { ok: false, status: statusCode, problem: `the function answered ${statusCode}` };
  }
  const subprotocol = chosenSubprotocol(outcome.result);
  if (subprotocol === undefined) {
    return { ok: true, details };
  }
  return isHeaderValue(subprotocol)
    ? { ok: true, details, subprotocol }
    : { ok: false, status: 502, problem: "the subprotocol is not a valid header value" };
}

const HEADER = "sec-websocket-protocol";

/**
 * The subprotocol that a `$connect` function chose: the first value of its `Sec-WebSocket-Protocol` header, exactly as
 * it returned it, in whatever case it wrote the name. Undefined when it chose none; API Gateway never chooses itself.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
function chosenSubprotocol({ headers }: ProxyResult): string | undefined {
  const chosen = headers.find(([name, values]) => name.toLowerCase() === HEADER && values.length);
  return chosen?.[1][0];
}

function isHeaderValue(text: string): boolean {
  try {
    validateHeaderValue(HEADER, text);
    return true;
  } catch {
    return false;
  }
}
