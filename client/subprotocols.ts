import type { RelayClientOptions } from "./relay-client-options.ts";

/** What a JWT is made of. Anything else could not be a subprotocol. */
const TOKEN = /^[\w.-]+$/;

/**
 * What to offer the relay: its protocol, and the token, which browsers can send in no header. Rejects with one sentence,
 * and with what the token function threw as the cause.
 */
export async function subprotocols(token: RelayClientOptions["token"]): Promise<string[]> {
  let bearer: string | null | undefined;
  try {
    bearer = await (typeof token === "function" ? token() : token);
  } catch (cause) {
    throw new Error("The token function failed.", { cause });
  }
  if (bearer === undefined || bearer === null) {
    return ["relay.v1"];
  }
  // From JavaScript, a token function may give anything.
  if (typeof bearer !== "string" || !TOKEN.test(bearer)) {
    // The platform's own error would quote the token.
    throw new Error("The token is not a JWT.");
  }
  return ["relay.v1", `bearer.${bearer}`];
}
