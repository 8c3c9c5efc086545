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
 * Replaces a message's text with what it says as JSON, and a text that is no JSON with undefined. API Gateway takes
 * such texts to `$default`; should one arrive here all the same, the sender is owed the relay's own error for it, not
 * the parser's HTTP status.
 */
export function jsonBody(): MiddlewareObj<WebSocketEvent, ProxyResult> {
  const { before: parse } = httpJsonBodyParser(OPTIONS);
  return {
    // The parser's types speak of HTTP events only; the plain Request type fits both.
    before: async (request: Request) => {
      const { event }: { readonly event: WebSocketEvent } = request;
      try {
        await parse?.(request);
      } catch {
        event.body = undefined;
      }
    },
  };
}
