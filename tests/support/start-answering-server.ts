import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One answer to a post: a status, with an error type as AWS names it or with a body that never ends; or silence. */
export type Answer =
  | { readonly status: number; readonly errorType?: string; readonly endless?: boolean }
  | "silence";

/**
 * An HTTP server in the place of an AWS service: it gives the next of `answers` to every post, the last one again and
 * again, and keeps what it was sent.
 */
export async function startAnsweringServer(...answers: readonly [Answer, ...Answer[]]) {
  const posts: { path: string; text: string; authorization: string }[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const next = answers[Math.min(posts.length, answers.length - 1)];
    posts.push({
      path: request.url ?? "",
      text: await text(request),
      authorization: request.headers.authorization ?? "",
    });
    if (next !== undefined && next !== "silence") {
      const { status, errorType, endless } = next;
      response.writeHead(status, errorType === undefined ? {} : { "x-amzn-errortype": errorType });
      if (endless) {
        response.write("{");
      } else {
        response.end();
      }
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/dev`,
    posts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
