import type { DisconnectCause } from "./disconnect-cause.ts";

/**
 * Why the WebSocket library ended a connection, from its error; undefined for an error of the network, which has no
 * close code of its own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export function protocolViolation(error: Error): DisconnectCause | undefined {
  const name = "code" in error ? String(error.code) : "";
  switch (name) {
    case "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH":
      return violation(1009, "a message of more than 128 KB; API Gateway accepts 128 KB");
    case "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH":
      return violation(1009, "a frame longer than any message may be");
    case "WS_ERR_INVALID_UTF8":
      return violation(1007, "text that is not UTF-8");
    case "WS_ERR_TOO_MANY_BUFFERED_PARTS":
      return violation(1008, "a message in too many small frames");
    default:
      if (name.startsWith("Z_")) {
        return violation(1007, "compressed text that cannot be inflated");
      }
      return name.startsWith("WS_ERR_")
        ? violation(1002, `not the WebSocket protocol: ${error.message}`)
        : undefined;
  }
}

function violation(code: number, explanation: string): DisconnectCause {
  return { code, reason: "", explanation };
}
