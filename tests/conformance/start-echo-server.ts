import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** A WebSocket server that returns each message, and is no API Gateway at all. Disposing it ends it. */
export async function startEchoServer() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (webSocket) => {
    webSocket.on("message", (data, binary) => webSocket.send(data, { binary }));
    // It is sent frames that are no good.
    webSocket.on("error", () => {});
  });
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`,
    [Symbol.asyncDispose]: async () => {
      for (const webSocket of server.clients) {
        webSocket.terminate();
      }
      server.close();
      await once(server, "close");
    },
  };
}
