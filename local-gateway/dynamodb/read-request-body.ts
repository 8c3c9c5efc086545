import type { IncomingMessage } from "node:http";

/** What became of reading a request's body: all of it, more than the limit, or the client went away. */
export type RequestBody =
  | { readonly outcome: "complete"; readonly body: Buffer }
  | { readonly outcome: "too large" }
  | { readonly outcome: "aborted" };

/** Reads the body of `request`, at most `limit` bytes of it. Never throws. */
export async function readRequestBody(
  request: IncomingMessage,
  limit: number,
): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  let tooLarge = false;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      // The rest is still read, and thrown away: a client that is writing does not listen for an answer.
      tooLarge ||= length > limit;
      if (tooLarge) {
        chunks.length = 0;
      } else {
        chunks.push(chunk);
      }
    }
  } catch {
    return { outcome: "aborted" };
  }
  return tooLarge
    ? { outcome: "too large" }
    : { outcome: "complete", body: Buffer.concat(chunks, length) };
}
