import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request to its end; `too large` when it has more than `limit` bytes, which are not kept.
 *
 * Throws when the client breaks off.
 */
export function requestBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer | "too large"> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | "too large">();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) {
      chunks.push(chunk);
    } else {
      chunks.length = 0;
    }
  });
  request.on("end", () => resolve(size <= limit ? Buffer.concat(chunks) : "too large"));
  request.on("error", reject);
  return promise;
}
