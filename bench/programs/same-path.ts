/**
 * The baseline of a relay that takes a message on the same way with nothing around it: all sockets are here, another process
 * runs one message at a time, and posts it back by the AWS SDK; then its target gets it. There is one such process, or as
 * many as the argument says. Nothing is verified. Speaks as much of the relay's protocol as its clients.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { env } from "node:process";
import { buffer } from "node:stream/consumers";
import { type WebSocket, WebSocketServer } from "ws";
import { answerCommands } from "../program.ts";

const connections = new Map<string, WebSocket>();
const waiting: { readonly sender: string; readonly body: string }[] = [];
const free: ChildProcess[] = [];

const server = createServer(async (request, response) => {
  const body = await buffer(request);
  const id = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
  connections.get(id)?.send(body, { binary: false });
  response.end();
});
server.keepAliveTimeout = 60_000;

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (webSocket) => {
  const sender = randomUUID();
  connections.set(sender, webSocket);
  webSocket.on("message", (message) => {
    waiting.push({ sender, body: String(message) });
    runNext();
  });
});

server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const host = typeof address === "object" ? `127.0.0.1:${address?.port}` : "";

for (let started = 0; started < Number(process.argv[2] ?? 1); started += 1) {
  const environment = fork(join(import.meta.dirname, "posting-environment.ts"), {
    execArgv: [],
    env: { ...env, AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `http://${host}/dev` },
  });
  const becomesFree = () => {
    free.push(environment);
    runNext();
  };
  environment.on("message", becomesFree);
  becomesFree();
}

function runNext(): void {
  const environment = waiting.length > 0 ? free.pop() : undefined;
  if (environment !== undefined) {
    environment.send(waiting.shift() ?? {});
  }
}

answerCommands(async (_: object) => ({ url: `ws://${host}` }));
