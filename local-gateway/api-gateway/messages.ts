import { randomUUID } from "node:crypto";
import { createId, createTraceId } from "../ids.ts";
import type { ErrorText } from "../observation.ts";
import type { Route } from "../template/web-socket-api.ts";
import type { Connection, ConnectionListener } from "./connection.ts";
import type { GatewayContext } from "./context.ts";
import { disconnect } from "./disconnect.ts";
import { messageEvent } from "./events.ts";
import { callRoute, type IntegrationOutcome } from "./integration.ts";
import { QUOTAS } from "./quotas.ts";
import { createRouteSelection } from "./route-selection.ts";
import { RejectedMessages } from "./throttling.ts";

const TOO_MANY = {
  code: 1008,
  reason: "",
  explanation: "more than 100 messages rejected within 10 s; API Gateway ends who sends too many",
};

/**
 * Makes the function that brings a message to its route and the route's answer back to the connection. Messages do not
 * wait for one another, not even those of one connection. A message that the stage's throttle for its route rejects
 * reaches no function; after many of them the connection is closed with 1008.
 *
 * Throws when the API's route selection expression cannot be read.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
function createMessageDispatch(
  context: GatewayContext,
): (connection: Connection, text: string) => Promise<void> {
  const rejections = new RejectedMessages(context.clock);
  const selectRoute = createRouteSelection(context.api);
  return async (connection, text) => {
    const { connectionId } = connection.details;
    const begin = performance.now();
    const route = selectRoute(text);
    const requestId = createId();
    const answer = await answerOf(context, route, connection, text, requestId);
    const frame = answer.error ? errorFrame(answer.error, connectionId, requestId) : answer.body;
    const sent = frame === undefined ? undefined : connection.send(Buffer.from(frame));
    context.report({
      kind: "message",
      connectionId,
      ...(route && { routeKey: route.routeKey }),
      size: Buffer.byteLength(text),
      duration: performance.now() - begin,
      body: text,
      ...(answer.error !== undefined && { error: answer.error }),
      ...(answer.problem !== undefined && { problem: answer.problem }),
      ...(sent === "full" && { unread: true }),
    });
    if (sent === "accepted" && frame !== undefined && !answer.error) {
      context.report({ kind: "answer", connectionId, size: Buffer.byteLength(frame), body: frame });
    }
    if (answer.error === "Too Many Requests" && rejections.add(connection)) {
      connection.close(TOO_MANY);
    }
  };
}

async function answerOf(
  context: GatewayContext,
  route: Route | undefined,
  { details }: Connection,
  text: string,
  requestId: string,
): Promise<MessageAnswer> {
  if (!route) {
    return { error: "Forbidden", problem: "no route selected, and there is no $default" };
  }
  const tooMany = context.throttles.rejection(route);
  if (tooMany !== undefined) {
    return { error: "Too Many Requests", problem: tooMany };
  }
  const ids = { messageId: createId(details.connectionId), requestId };
  const event = messageEvent(details, route.routeKey, text, ids);
  return messageAnswer(route, await callRoute(context, route, event, details.connectionId));
}

/** What the sender of a message hears: an error frame, a text, or nothing. */
interface MessageAnswer {
  readonly error?: ErrorText;
  readonly body?: string;
  /** For the console. */
  readonly problem?: string;
}

/**
 * The answer to a message from what its integration did. A one-way route answers nothing, a two-way route the
 * function's body whatever its status, and an empty text when there is none. A failure is told on both kinds of route,
 * and none of them closes the connection. Where AWS's behaviour is not known: `isBase64Encoded` changes nothing, and a
 * body of more than 128 KB is an internal server error.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 */
function messageAnswer(route: Route, outcome: IntegrationOutcome | undefined): MessageAnswer {
  if (!outcome) {
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
  const body = outcome.result.body ?? "";
  return Buffer.byteLength(body) > QUOTAS.messageSize
    ? { error: "Internal server error", problem: "the answer is larger than 128 KB" }
    : { body };
}

/**
 * The text by which API Gateway tells a client that its message failed, byte for byte, the uneven spaces included.
 * `message` is one of its own texts, which need no escaping.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function errorFrame(message: string, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}

/**
 * The ids that AWS puts into the headers of each HTTP answer: one of AWS's request ids, one of API Gateway's own, and
 * the trace's.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function answerIds(): Record<string, string> {
  return {
    "x-amzn-requestid": randomUUID(),
    "x-amz-apigw-id": createId(),
    "x-amzn-trace-id": createTraceId(),
  };
}

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
