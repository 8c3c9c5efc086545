import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { SEND_MESSAGE_ACTION } from "../../protocol/requests.ts";
import { isPublishEvent, type PublishEvent, type WebSocketEvent } from "./event.ts";
import type { Log } from "./log.ts";
import { failureAnswer, jsonBody, webSocketEventsOnly } from "./middleware.ts";
import type { ProxyResult, Route, UseCases } from "./route.ts";
import { connectRoute } from "./routes/connect-route.ts";
import { disconnectRoute } from "./routes/disconnect-route.ts";
import { publishRoute } from "./routes/publish-route.ts";
import { relayRoute } from "./routes/relay-route.ts";
import { unknownRoute } from "./routes/unknown-route.ts";

/** middy would watch the time, too, and throw; but every call already ends by itself in time. */
const OPTIONS = { timeoutEarlyInMillis: 0 };

/**
 * The function: one pipeline for every event of API Gateway's, with the routes behind it and one way out for whatever
 * is thrown, and a way past it for backends, which know neither routes nor statuses.
 */
export function createHandler(useCases: UseCases, log: Log) {
  const relay = middy<WebSocketEvent, ProxyResult>(OPTIONS)
    .use(jsonBody())
    .handler(relayRoute(useCases.relay, log));

  const routes: Routes = {
    connect: connectRoute(useCases.connect, log),
    disconnect: disconnectRoute(useCases.disconnect, log),
    messages: new Map([[SEND_MESSAGE_ACTION, relay]]),
    unknown: unknownRoute(useCases.unknown),
  };
  const webSocket = middy<WebSocketEvent, ProxyResult>(OPTIONS)
    .use(webSocketEventsOnly())
    .use(failureAnswer(log))
    .handler((event, context) => selectRoute(routes, event)(event, context));
  const publish = publishRoute(useCases.publish, log);
  return (event: WebSocketEvent | PublishEvent, context: Context) =>
    isPublishEvent(event) ? publish(event, context) : webSocket(event, context);
}

/** Every way through the function. */
interface Routes {
  readonly connect: Route;
  readonly disconnect: Route;
  /** The routes for messages, by route key. */
  readonly messages: ReadonlyMap<string, Route>;
  /** For messages that have no route of their own. */
  readonly unknown: Route;
}

/**
 * The route for an event: by what happened first, and by its route key only for messages. A client can send a message
 * whose action says `$connect`; that makes no connection of it.
 */
function selectRoute(routes: Routes, event: WebSocketEvent): Route {
  const { eventType, routeKey } = event.requestContext;
  switch (eventType) {
    case "CONNECT":
      return routes.connect;
    case "DISCONNECT":
      return routes.disconnect;
    case "MESSAGE":
      return routes.messages.get(routeKey) ?? routes.unknown;
  }
}
