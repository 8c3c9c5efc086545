import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";

/** The time that one fetch may take, from looking up the host to the end of the answer, in milliseconds. */
export const FETCH_TIMEOUT = 1500;

/** The longest answer that is read, in bytes. A key takes about 500, and issuers publish a handful. */
const LONGEST_ANSWER = 64 * 1024;

/**
 * What is at `url`, as text. Rejects when it is not there at the first request (a redirect is not followed), not there
 * in time, or too long.
 *
 * It does without `fetch`, which would be loaded for this alone: the AWS SDK has loaded node:https already.
 */
export async function fetchJwks(url: URL): Promise<string> {
  // At the top of a module node:http loads all that it exports, the WebSocket client too, at each cold start.
  const request = url.protocol === "http:" ? (await import("node:http")).request : requestHttps;
  return await new Promise((resolve, reject) => {
    request(
      url,
      {
        // A kept connection would be dead by the next fetch, which may be days away.
        agent: false,
        headers: { accept: "application/json" },
        signal: AbortSignal.timeout(FETCH_TIMEOUT),
      },
      (response) => readText(response).then(resolve, reject),
    )
      .on("error", reject)
      .end();
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`The answer has the status ${response.statusCode}.`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) {
      throw new Error(`The answer is longer than ${LONGEST_ANSWER} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
