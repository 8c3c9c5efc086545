import type { Route } from "../template/route.ts";
import { callRoute } from "./call-route.ts";
import type { Connection } from "./connection.ts";
import { createId } from "./create-id.ts";
import { createRouteSelection } from "./create-route-selection.ts";
import { errorFrame } from "./error-frame.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { type MessageAnswer, messageAnswer } from "./message-answer.ts";
import { messageEvent } from "./message-event.ts";
import { RefusedMessages } from "./throttling/refused-messages.ts";

const TOO_MANY = {
  code: 1008,
  reason: "",
  explanation: "more than 100 messages refused within 10 s; API Gateway ends who sends too many",
};

/**
 * Makes the function that brings a message to its route and the route's answer back to the connection. Messages do not
 * wait for one another, not even those of one connection. A message that the stage's throttle for its route refuses
 * reaches no function; after many of them the connection is closed with 1008.
 *
 * Throws when the API's route selection expression cannot be read.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function createMessageDispatch(
  context: GatewayContext,
): (connection: Connection, text: string) => Promise<void> {
  const refusals = new RefusedMessages(context.clock);
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
    if (answer.error === "Too Many Requests" && refusals.add(connection)) {
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
  const tooMany = context.throttles.refusal(route);
  if (tooMany !== undefined) {
    return { error: "Too Many Requests", problem: tooMany };
  }
  const ids = { messageId: createId(details.connectionId), requestId };
  const event = messageEvent(details, route.routeKey, text, ids);
  return messageAnswer(route, await callRoute(context, route, event, details.connectionId));
}
