import type { RelayClientOptions } from "./relay-client-options.ts";

/** The token for one connection. Rejects with one sentence, and with what the token function threw as the cause. */
export async function readToken(token: RelayClientOptions["token"]): Promise<unknown> {
  try {
    return await (typeof token === "function" ? token() : token);
  } catch (cause) {
    throw new Error("The token function failed.", { cause });
  }
}
