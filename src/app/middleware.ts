import type { MiddlewareObj, Request } from "@middy/core";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import type { WebSocketEvent } from "./event.ts";
import { describeFailure, type Log } from "./log.ts";
import type { Measure } from "./metrics.ts";
import type { ProxyResult } from "./routes.ts";

const EVENT_TYPES: readonly unknown[] = ["CONNECT", "MESSAGE", "DISCONNECT"];

/** Answers 400 to an invocation with anything but an event of a WebSocket API, which only a person can have made. */
export function webSocketEventsOnly(): MiddlewareObj<WebSocketEvent, ProxyResult> {
  return {
    before: ({ event }) =>
      isWebSocketEvent(event)
        ? undefined
        : { statusCode: 400, body: "This is not an event of an API Gateway WebSocket API." },
  };
}

function isWebSocketEvent(event: Partial<WebSocketEvent> | null): boolean {
  const context = event?.requestContext;
  return EVENT_TYPES.includes(context?.eventType) && typeof context?.connectionId === "string";
}

/**
 * Message events carry no headers, so there is no content type to check. The published types do not know the first
 * option, and the second changes nothing once the first is set; together they satisfy both.
 */
const OPTIONS = { disableContentTypeCheck: true, disableContentTypeError: true };

/**
 * Replaces a message's text with its JSON value. A text that is not JSON stays: API Gateway sends such texts to
 * `$default`, and should one arrive here all the same, its sender gets the relay's own error and not the parser's HTTP
 * status.
 */
export function jsonBody(): MiddlewareObj<WebSocketEvent, ProxyResult> {
  const { before: parse } = httpJsonBodyParser(OPTIONS);
  return {
    // The parser's types speak of HTTP events only; the plain Request type fits both.
    before: async (request: Request) => {
      try {
        await parse?.(request);
      } catch {
        // The body is a text still, and that is what the relay rejects it for.
      }
    },
  };
}

/**
 * Logs and counts whatever was thrown and answers in its place, with nothing of it in the answer. A function that throws would
 * make API Gateway send the client an error of its own, which is not part of the relay's protocol.
 */
export function failureAnswer(
  log: Log,
  measure: Measure,
): MiddlewareObj<WebSocketEvent, ProxyResult> {
  return {
    onError: (request) => {
      const { connectionId, routeKey, requestId, eventType } = request.event.requestContext;
      log("error", "failed", {
        connectionId,
        routeKey,
        requestId,
        failure: describeFailure(request.error),
      });
      measure({ failures: [request.error] });
      request.response =
        eventType === "MESSAGE"
          ? { statusCode: 200, body: "" }
          : { statusCode: 500, body: "The relay is unavailable." };
    },
  };
}
