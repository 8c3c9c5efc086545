import { createId } from "../ids.ts";
import type { ErrorText, Observation } from "../observation.ts";
import type { Route, WebSocketApi } from "../template/web-socket-api.ts";
import type { Connection } from "./connection.ts";
import { messageEvent } from "./events.ts";
import type { IntegrationOutcome, Integrations } from "./integration.ts";
import { QUOTAS } from "./quotas.ts";
import { createRouteSelection } from "./route-selection.ts";
import { RejectedMessages, type RouteThrottles } from "./throttling.ts";

const TOO_MANY = {
  code: 1008,
  reason: "",
  explanation:
    "more than 100 messages rejected within 10 s; API Gateway closes clients that send too many",
};

/** What messages pass on their way. */
interface MessageDispatcherOptions {
  readonly api: WebSocketApi;
  readonly throttles: RouteThrottles;
  readonly integrations: Integrations;
  /** In milliseconds; only differences count. */
  readonly clock: () => number;
  readonly report: (observation: Observation) => void;
}

/**
 * Brings the messages of all connections to their routes, and the routes' answers back. Messages do not wait for one
 * another, not even those of one connection. A message that the stage's throttle for its route rejects reaches no function;
 * after many of them the connection is closed with 1008.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export class MessageDispatcher {
  readonly #options: MessageDispatcherOptions;
  readonly #rejections: RejectedMessages;
  readonly #selectRoute: (text: string) => Route | undefined;

  /** Throws when the API's route selection expression cannot be read. */
  constructor(options: MessageDispatcherOptions) {
    this.#options = options;
    this.#rejections = new RejectedMessages(options.clock);
    this.#selectRoute = createRouteSelection(options.api);
  }

  /** Handles one message, to its answer. An error of the gateway's own is reported, and answered as an internal one. */
  async dispatch(connection: Connection, text: string): Promise<void> {
    const { report } = this.#options;
    const { connectionId } = connection.details;
    const begin = performance.now();
    const route = this.#selectRoute(text);
    const requestId = createId();
    const answer = await this.#answer(route, connection, text, requestId).catch(
      (error: unknown): MessageAnswer => {
        report({ kind: "error", error });
        return { error: "Internal server error", problem: "the gateway failed" };
      },
    );
    const frame = answer.error ? errorFrame(answer.error, connectionId, requestId) : answer.body;
    const sent = frame === undefined ? undefined : connection.send(Buffer.from(frame));
    report({
      kind: "message",
      connectionId,
      requestId,
      ...(route && { routeKey: route.routeKey }),
      size: Buffer.byteLength(text),
      duration: performance.now() - begin,
      body: text,
      ...(answer.error !== undefined && { error: answer.error }),
      ...(answer.problem !== undefined && { problem: answer.problem }),
      ...(sent === "full" && { unread: true }),
    });
    if (sent === "accepted" && frame !== undefined && !answer.error) {
      const size = Buffer.byteLength(frame);
      report({ kind: "answer", connectionId, requestId, size, body: frame });
    }
    if (answer.error === "Too Many Requests" && this.#rejections.add(connection)) {
      connection.close(TOO_MANY);
    }
  }

  async #answer(
    route: Route | undefined,
    { details }: Connection,
    text: string,
    requestId: string,
  ): Promise<MessageAnswer> {
    if (!route) {
      return { error: "Forbidden", problem: "no route selected, and there is no $default" };
    }
    const { throttles, integrations } = this.#options;
    const throttled = throttles.take(route);
    if (!throttled.ok) {
      return { error: "Too Many Requests", problem: throttled.problem };
    }
    const ids = { messageId: createId(details.connectionId), requestId };
    const event = messageEvent(details, route.routeKey, text, ids);
    return messageAnswer(route, await integrations.call(route, event, details.connectionId));
  }
}

/** What the sender of a message receives: an error frame, a text, or nothing. */
interface MessageAnswer {
  readonly error?: ErrorText;
  readonly body?: string;
  /** For the console. */
  readonly problem?: string;
}

/**
 * The answer to a message from what its integration did. A one-way route answers nothing, a two-way route the
 * function's body whatever its status, and an empty text when there is none. A MOCK integration needs an integration
 * response; that an error frame says so is our own choice. A failure is an error frame on both kinds
 * of route, and does not close the connection. Where AWS's behaviour is not known: `isBase64Encoded` changes nothing, and a
 * body of more than 128 KB is an internal server error.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 */
function messageAnswer(route: Route, outcome: IntegrationOutcome): MessageAnswer {
  if (outcome.kind === "none") {
    return { error: "Internal server error", problem: "the route has no integration" };
  }
  if (outcome.kind === "timed out") {
    return { error: "Endpoint request timed out", problem: outcome.problem };
  }
  if (outcome.kind !== "answered") {
    return { error: "Internal server error", problem: outcome.problem };
  }
  if (!route.twoWay) {
    return {};
  }
  if (route.mock !== undefined && route.mock.body === undefined) {
    const problem = `the MOCK integration has no integration response for the status ${route.mock.statusCode}`;
    return { error: "Internal server error", problem };
  }
  const body = outcome.result.body ?? "";
  return Buffer.byteLength(body) > QUOTAS.messageSize
    ? { error: "Internal server error", problem: "the answer is larger than 128 KB" }
    : { body };
}

/**
 * The text by which API Gateway notifies a client that its message failed, byte for byte, the uneven spaces included.
 * `message` is one of its own texts, which need no escaping.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function errorFrame(message: string, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
