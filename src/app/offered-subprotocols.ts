import { upgradeHeader } from "./upgrade-header.ts";
import type { WebSocketEvent } from "./web-socket-event.ts";

/** The subprotocols that the client offers in its upgrade, in its order. */
export function offeredSubprotocols(event: WebSocketEvent): readonly string[] {
  return upgradeHeader(event, "sec-websocket-protocol")
    .flatMap((value) => value.split(","))
    .map((name) => name.trim());
}
