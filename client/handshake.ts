import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../protocol/requests.ts";
import { invalidOption } from "./errors.ts";

/** The URL of the relay, in the parts that the client needs. */
export interface Address {
  /** All before the query. */
  readonly base: string;
  /** The other parts of the query, encoded. */
  readonly query: readonly string[];
  /** The channels in the query. */
  readonly channels: readonly string[];
}

/**
 * Reads a URL; `user`, if there is one, takes the place of its own. Throws a RelayError when no WebSocket could have the
 * URL.
 */
export function readUrl(url: string | URL, user: string | undefined): Address {
  const query: string[] = [];
  const channels: string[] = [];
  try {
    // Without a match this throws as well.
    const [, base = "", given = ""] = /^(wss?:\/\/[^?#]+)\??([^#]*)$/i.exec(
      String(url).trim(),
    ) as RegExpExecArray;
    // Only a check: React Native's URL ends with a slash, and its searchParams cannot set.
    // @see https://github.com/react/react-native/issues/38656
    new URL(base);
    for (const part of given.split("&")) {
      const [name, value = ""] = part.split("=");
      if (name === "channel") {
        channels.push(decodeURIComponent(value));
      } else if (part && !(user && name === "user")) {
        query.push(part);
      }
    }
    if (user) {
      query.push(`user=${encodeURIComponent(user)}`);
    }
    return { base, query, channels };
  } catch {
    throw invalidOption("url", "must be valid, begin with wss:// or ws:// and have no fragment");
  }
}

/** The URL to connect to, with these channels in its query. */
export function connectUrl({ base, query }: Address, channels: readonly unknown[]): string {
  const own = channels.map((channel) => `channel=${encodeURIComponent(channel as string)}`);
  const text = [...query, ...own].join("&");
  return base + (text && `?${text}`);
}

/** What a JWT consists of. Anything else is not a valid subprotocol. */
const TOKEN = /^[\w.-]+$/;

/**
 * The subprotocols to offer: the relay's, and the token if there is one, because browsers cannot send it in a header.
 * Undefined when the token is not a JWT: the platform's own error would quote it.
 */
export function subprotocols(token: unknown): string[] | undefined {
  if (token === undefined || token === null) {
    return [SUBPROTOCOL];
  }
  // From JavaScript it may be anything.
  return typeof token === "string" && TOKEN.test(token)
    ? [SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + token]
    : undefined;
}
