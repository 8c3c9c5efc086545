import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request to its end; `too large` when it has more than `limit` bytes, which are not kept.
 *
 * Throws when the client breaks off.
 */
export async function requestBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer | "too large"> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) {
      chunks.push(chunk);
    } else {
      chunks.length = 0;
    }
  }
  return size <= limit ? Buffer.concat(chunks) : "too large";
}
