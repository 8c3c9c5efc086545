/** Stands for API Gateway's management API: takes every post, answers 200 at once, and does nothing with it. */
import { once } from "node:events";
import { createServer } from "node:http";
import { answerCommands } from "../program.ts";

const server = createServer((request, response) => {
  request.resume().on("end", () => response.end());
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1");
await once(server, "listening");

answerCommands(async (_: object) => {
  const address = server.address();
  return { url: typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "" };
});
