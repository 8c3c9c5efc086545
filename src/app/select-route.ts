import type { Route } from "./route.ts";
import type { Routes } from "./routes.ts";
import type { WebSocketEvent } from "./web-socket-event.ts";

/**
 * The route for an event: by what happened first, and by its route key only for messages. A client can send a message
 * whose action says `$connect`; that makes no connection of it.
 */
export function selectRoute(routes: Routes, event: WebSocketEvent): Route {
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
