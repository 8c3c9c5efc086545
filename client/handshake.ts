import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../protocol/requests.ts";
import { invalidOption } from "./errors.ts";

/**
 * The URL to connect to, with the names in its query, where they take the place of its own. Throws a RelayError when no
 * WebSocket could have the URL.
 */
export function connectUrl(
  url: string | URL,
  names: Readonly<Record<string, string | readonly string[] | undefined>>,
): string {
  const text = String(url).trim();
  let isValid = /^wss?:\/\/[^#]+$/i.test(text);
  try {
    // Only a check: React Native's URL ends with a slash, and its searchParams cannot set.
    // @see https://github.com/react/react-native/issues/38656
    new URL(text);
  } catch {
    isValid = false;
  }
  if (!isValid) {
    throw invalidOption("url", "must begin with wss:// or ws:// and have no fragment");
  }
  let [base = "", query = ""] = text.split(/\?(.*)/);
  for (const [name, value] of Object.entries(names)) {
    const values = [value ?? []].flat();
    if (values.length > 0) {
      const others = query.split("&").filter((part) => part && !part.startsWith(`${name}=`));
      const own = values.map((one) => `${name}=${encodeURIComponent(one)}`);
      query = [...others, ...own].join("&");
    }
  }
  return query ? `${base}?${query}` : base;
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
  if (typeof token !== "string" || !TOKEN.test(token)) {
    return undefined;
  }
  return [SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + token];
}
