/** The relay's rule for names, in Unicode's normal form C; a browser would only learn that it was rejected. */
const NAME = /^[\p{L}\p{M}\p{Nd}_.@:+|-]{1,64}$/u;

/**
 * The URL to connect to, with the names as its query. Throws a TypeError when no WebSocket could have the URL, and a
 * RangeError when a name is not 1 to 64 letters (with their marks), digits and `_ . @ : + - |`.
 */
export function connectUrl(
  url: string | URL,
  names: Readonly<Record<string, string | undefined>>,
): string {
  const text = String(url).trim();
  // Only to see whether it is one: React Native's URL ends with a slash, and its searchParams cannot set.
  // @see https://github.com/react/react-native/issues/38656
  new URL(text);
  if (!/^wss?:\/\/[^#]+$/i.test(text)) {
    throw new TypeError("The URL must begin with wss:// or ws:// and have no fragment.");
  }
  const [base, query = ""] = text.split(/\?(.*)/);
  let parts = query.split("&");
  for (const [name, value] of Object.entries(names)) {
    if (value !== undefined) {
      if (!NAME.test(value.normalize())) {
        throw new RangeError(
          `The ${name} must be 1 to 64 letters, digits and _ . @ : + - |, no spaces.`,
        );
      }
      parts = parts.filter((part) => !part.startsWith(`${name}=`));
      parts.push(`${name}=${encodeURIComponent(value)}`);
    }
  }
  return [base, parts.filter(Boolean).join("&")].filter(Boolean).join("?");
}

/** What a JWT is made of. Anything else could not be a subprotocol. */
const TOKEN = /^[\w.-]+$/;

/**
 * What to offer the relay: its protocol, and the token if there is one, which browsers can send in no header. Throws a
 * TypeError when the token cannot be one.
 */
export function subprotocols(token: unknown): string[] {
  if (token === undefined || token === null) {
    return ["relay.v1"];
  }
  // From JavaScript it may be anything.
  if (typeof token !== "string" || !TOKEN.test(token)) {
    // The platform's own error would quote it.
    throw new TypeError("The token is not a JWT.");
  }
  return ["relay.v1", `bearer.${token}`];
}
