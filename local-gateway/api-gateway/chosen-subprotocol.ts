import { validateHeaderValue } from "node:http";
import type { ProxyResult } from "./proxy-result.ts";

const HEADER = "sec-websocket-protocol";

/**
 * The subprotocol that a `$connect` function chose: the first value of its `Sec-WebSocket-Protocol` header, exactly as
 * it returned it, in whatever case it wrote the name. Undefined when it chose none; API Gateway never chooses itself.
 *
 * Throws a TypeError when the value cannot stand in a header.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
export function chosenSubprotocol({ headers }: ProxyResult): string | undefined {
  const chosen = headers.find(([name, values]) => name.toLowerCase() === HEADER && values.length);
  const value = chosen?.[1][0];
  if (value !== undefined) {
    validateHeaderValue(HEADER, value);
  }
  return value;
}
