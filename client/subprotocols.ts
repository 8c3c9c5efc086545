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
