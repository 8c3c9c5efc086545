import { offeredSubprotocols } from "./offered-subprotocols.ts";
import { upgradeHeader } from "./upgrade-header.ts";
import type { WebSocketEvent } from "./web-socket-event.ts";

const SCHEME = /^Bearer\b/i;
const HEADER = /^Bearer +(\S+)$/i;
const SUBPROTOCOL = "bearer.";

/**
 * The token that the client shows: in its `Authorization` header, or as a subprotocol `bearer.…`, because browsers let
 * a page set no header. Undefined if there is none, and also if there are several: it is not for the relay to choose.
 */
export function readToken(event: WebSocketEvent): string | undefined {
  const inHeaders = upgradeHeader(event, "authorization")
    // Another scheme is for somebody else; a bearer token that cannot be read is still shown.
    .filter((value) => SCHEME.test(value))
    .map((value) => HEADER.exec(value)?.[1]);
  const offered = offeredSubprotocols(event)
    .filter((name) => name.startsWith(SUBPROTOCOL))
    .map((name) => name.slice(SUBPROTOCOL.length));
  const [token, ...more] = [...inHeaders, ...offered];
  return more.length === 0 ? token : undefined;
}
