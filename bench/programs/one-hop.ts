/**
 * The baseline of a relay that runs its code in another process: all sockets are here, and each message makes one HTTP request
 * to another process; then its target gets it. The request is a bare one, which hands the message back, or with the
 * argument `signed` a post of the AWS SDK's. Speaks as much of the relay's protocol as its clients.
 */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { type WebSocket, WebSocketServer } from "ws";
import { answerCommands } from "../program.ts";

const hop = fork(join(import.meta.dirname, "hop.ts"), { execArgv: [] });
const [{ port }] = await once(hop, "message");
const agent = new Agent({ keepAlive: true });
// Region and credentials are in the environment.
const sdk = new ApiGatewayManagementApiClient({ endpoint: `http://127.0.0.1:${port}/dev` });
const connections = new Map<string, WebSocket>();
const pass = process.argv[2] === "signed" ? postSigned : handOver;

async function postSigned(body: string): Promise<string> {
  await sdk.send(new PostToConnectionCommand({ ConnectionId: "any", Data: Buffer.from(body) }));
  return body;
}

async function handOver(body: string): Promise<string> {
  const post = request({ host: "127.0.0.1", port, method: "POST", agent });
  post.end(body);
  const [response] = await once(post, "response");
  return await text(response);
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (webSocket) => {
  const id = randomUUID();
  connections.set(id, webSocket);
  webSocket.on("message", async (message) => {
    const { data, forward } = JSON.parse(await pass(String(message)));
    if (forward === undefined) {
      webSocket.send(`YOUR ID: ${id}`);
    } else {
      connections.get(forward)?.send(data);
    }
  });
});
await once(server, "listening");

answerCommands(async (_: object) => {
  const address = server.address();
  return { url: typeof address === "object" ? `ws://127.0.0.1:${address?.port}` : "" };
});
