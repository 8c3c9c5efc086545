import type { MiddlewareObj, Request } from "@middy/core";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import type { ProxyResult } from "../proxy-result.ts";
import type { WebSocketEvent } from "../web-socket-event.ts";

/**
 * Message events carry no headers, so there is no content type to check. The published types do not know the first
 * option, and the second changes nothing once the first is set; together they satisfy both.
 */
const OPTIONS = { disableContentTypeCheck: true, disableContentTypeError: true };

/**
 * Replaces a message's text with what it says as JSON. A text that is no JSON stays: API Gateway takes such texts to
 * `$default`, and should one arrive here all the same, its sender is owed the relay's own error and not the parser's
 * HTTP status.
 */
export function jsonBody(): MiddlewareObj<WebSocketEvent, ProxyResult> {
  const { before: parse } = httpJsonBodyParser(OPTIONS);
  return {
    // The parser's types speak of HTTP events only; the plain Request type fits both.
    before: async (request: Request) => {
      try {
        await parse?.(request);
      } catch {
        // The body is a text still, and that is what the relay refuses it for.
      }
    },
  };
}
