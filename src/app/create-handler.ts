import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { type BackendEvent, backendRequests, type WebSocketEvent } from "./event.ts";
import type { Log } from "./log.ts";
import { failureAnswer, jsonBody, webSocketEventsOnly } from "./middleware.ts";
import type { ProxyResult, Route, Routes } from "./routes.ts";

/** middy would watch the time, too, and throw; but every call already ends by itself in time. */
const OPTIONS = { timeoutEarlyInMillis: 0 };

/**
 * The function: one pipeline for every event of API Gateway's, with the routes behind it and one answer to whatever is
 * thrown. Events of backends, which have neither routes nor statuses, do not go through it.
 */
export function createHandler(routes: Routes, log: Log) {
  const messages = new Map(
    Object.entries(routes.messages).map(([key, route]): [string, Route] => [
      key,
      middy<WebSocketEvent, ProxyResult>(OPTIONS).use(jsonBody()).handler(route),
    ]),
  );
  const webSocket = middy<WebSocketEvent, ProxyResult>(OPTIONS)
    .use(webSocketEventsOnly())
    .use(failureAnswer(log))
    .handler((event, context) => selectRoute(routes, messages, event)(event, context));
  return (event: WebSocketEvent | BackendEvent, context: Context) => {
    const [request, ...more] = backendRequests(event);
    if (request === undefined) {
      return webSocket(event as WebSocketEvent, context);
    }
    const route = more.length === 0 ? routes.backend[request] : routes.ambiguous;
    return route((event as BackendEvent)[request], context);
  };
}

/**
 * The route for an event: by what happened first, and by its route key only for messages. A client can send a message
 * whose action says `$connect`; that does not make it a connection.
 */
function selectRoute(
  routes: Routes,
  messages: ReadonlyMap<string, Route>,
  event: WebSocketEvent,
): Route {
  const { eventType, routeKey } = event.requestContext;
  switch (eventType) {
    case "CONNECT":
      return routes.connect;
    case "DISCONNECT":
      return routes.disconnect;
    case "MESSAGE":
      return messages.get(routeKey) ?? routes.unknown;
  }
}
