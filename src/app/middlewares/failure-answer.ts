import type { MiddlewareObj } from "@middy/core";
import { describeFailure } from "../describe-failure.ts";
import type { Log } from "../log.ts";
import type { ProxyResult } from "../proxy-result.ts";
import type { WebSocketEvent } from "../web-socket-event.ts";

/**
 * Logs whatever was thrown and answers in its place, with nothing of it in the answer. A function that throws would
 * make API Gateway send the client an error of its own, which is none of the relay's protocol.
 */
export function failureAnswer(log: Log): MiddlewareObj<WebSocketEvent, ProxyResult> {
  return {
    onError: (request) => {
      const { connectionId, routeKey, requestId, eventType } = request.event.requestContext;
      log("error", "failed", {
        connectionId,
        routeKey,
        requestId,
        failure: describeFailure(request.error),
      });
      request.response =
        eventType === "MESSAGE"
          ? { statusCode: 200, body: "" }
          : { statusCode: 500, body: "The relay is unavailable." };
    },
  };
}
