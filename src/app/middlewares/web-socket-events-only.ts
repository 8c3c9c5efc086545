import type { MiddlewareObj } from "@middy/core";
import type { ProxyResult } from "../proxy-result.ts";
import type { WebSocketEvent } from "../web-socket-event.ts";

const EVENT_TYPES: readonly unknown[] = ["CONNECT", "MESSAGE", "DISCONNECT"];

/** Answers 400 to an invocation with anything but an event of a WebSocket API, which only a person can have made. */
export function webSocketEventsOnly(): MiddlewareObj<WebSocketEvent, ProxyResult> {
  return {
    before: ({ event }) =>
      isWebSocketEvent(event)
        ? undefined
        : { statusCode: 400, body: "This is no event of an API Gateway WebSocket API." },
  };
}

function isWebSocketEvent(event: Partial<WebSocketEvent> | null): boolean {
  const context = event?.requestContext;
  return EVENT_TYPES.includes(context?.eventType) && typeof context?.connectionId === "string";
}
