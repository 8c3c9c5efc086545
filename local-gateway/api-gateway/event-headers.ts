import type { IncomingMessage } from "node:http";
import { createTraceId } from "./create-trace-id.ts";

/** A header with all of its values, under the spelling that the client used first. */
type HeaderValues = [name: string, values: string[]];

/**
 * The headers of an upgrade request: the client's own in its own spelling, with the API's host name as `Host` and with
 * what API Gateway adds (`X-Forwarded-*` as behind TLS on port 443, `X-Amzn-Trace-Id`, an empty body's length), sorted
 * by name.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function eventHeaders(
  request: IncomingMessage,
  domainName: string,
  sourceIp: string,
): HeaderValues[] {
  const headers = new Map<string, HeaderValues>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    const known = headers.get(name.toLowerCase());
    if (known) {
      known[1].push(value);
    } else {
      headers.set(name.toLowerCase(), [name, [value]]);
    }
  }
  const forwarded = headers.get("x-forwarded-for")?.[1] ?? [];
  const trace = headers.get("x-amzn-trace-id")?.[1] ?? [createTraceId()];
  for (const [name, values] of [
    ["Connection", ["upgrade"]],
    ["content-length", ["0"]],
    ["Host", [domainName]],
    ["Upgrade", ["websocket"]],
    ["X-Amzn-Trace-Id", trace],
    ["X-Forwarded-For", [[...forwarded, sourceIp].join(", ")]],
    ["X-Forwarded-Port", ["443"]],
    ["X-Forwarded-Proto", ["https"]],
  ] satisfies HeaderValues[]) {
    headers.set(name.toLowerCase(), [name, values]);
  }
  return [...headers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, header]) => header);
}
