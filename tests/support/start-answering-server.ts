import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";

/**
 * One answer to a request: a status, with an error type as AWS names it, with a body, or with one that never ends or is
 * cut off; or silence.
 */
export type Answer =
  | {
      readonly status: number;
      readonly errorType?: string;
      readonly body?: string;
      readonly endless?: boolean;
      readonly cut?: boolean;
    }
  | "silence";

/**
 * An HTTP server in the place of an AWS service: it gives the next of `answers` to every request, the last one again and
 * again, and keeps what it was sent, and by how many sockets.
 */
export async function startAnsweringServer(...answers: readonly [Answer, ...Answer[]]) {
  const posts: { method: string; path: string; text: string; authorization: string }[] = [];
  const sockets = new Set<Socket>();
  const dead = new WeakSet<Socket>();
  let opened = 0;
  const server = createServer((request, response) => {
    if (dead.has(request.socket)) {
      request.socket.resetAndDestroy();
    } else {
      void answer(request, response);
    }
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const next = answers[Math.min(posts.length, answers.length - 1)];
    posts.push({
      method: request.method ?? "",
      path: request.url ?? "",
      text: await text(request),
      authorization: request.headers.authorization ?? "",
    });
    if (next !== undefined && next !== "silence") {
      respond(response, next);
    }
  }

  server.on("connection", (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  // What is idle is closed only when a test says so.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/dev`,
    posts,
    /** How many sockets were opened. */
    get opened(): number {
      return opened;
    },
    /** Closes all sockets. */
    closeSockets(): void {
      for (const socket of sockets) {
        socket.destroy();
      }
    },
    /** Lets all sockets be dead without the other side's knowing: the next request on one of them resets it. */
    killSockets(): void {
      for (const socket of sockets) {
        dead.add(socket);
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function respond(
  response: ServerResponse,
  { status, errorType, body, endless, cut }: Exclude<Answer, "silence">,
): void {
  response.writeHead(status, errorType === undefined ? {} : { "x-amzn-errortype": errorType });
  if (endless) {
    response.write("{");
  } else if (cut) {
    response.write("{", () => response.destroy());
  } else {
    response.end(body);
  }
}
