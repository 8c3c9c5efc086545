import { EventEmitter, on, once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that never answers by itself: the test takes the questions and answers them at its own time. */
export async function startQuestionServer() {
  const emitter = new EventEmitter();
  const questions = on(emitter, "question");
  const server = createServer((_request, response) => emitter.emit("question", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** The next question, once it is asked. */
    async next(): Promise<ServerResponse> {
      const { value } = await questions.next();
      return value?.[0];
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
