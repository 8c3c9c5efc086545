import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { isPublishEvent } from "./is-publish-event.ts";
import type { Log } from "./log.ts";
import { failureAnswer } from "./middlewares/failure-answer.ts";
import { jsonBody } from "./middlewares/json-body.ts";
import { webSocketEventsOnly } from "./middlewares/web-socket-events-only.ts";
import type { ProxyResult } from "./proxy-result.ts";
import type { PublishEvent } from "./publish-event.ts";
import { connectRoute } from "./routes/connect-route.ts";
import { disconnectRoute } from "./routes/disconnect-route.ts";
import { publishRoute } from "./routes/publish-route.ts";
import { relayRoute } from "./routes/relay-route.ts";
import { unknownRoute } from "./routes/unknown-route.ts";
import type { Routes } from "./routes.ts";
import { selectRoute } from "./select-route.ts";
import type { UseCases } from "./use-cases.ts";
import type { WebSocketEvent } from "./web-socket-event.ts";

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
    messages: new Map([["sendMessageRoute", relay]]),
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
