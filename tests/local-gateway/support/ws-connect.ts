import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";
import { Inbox } from "./inbox.ts";

/** How a connection ended, as its client saw it. */
interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A real WebSocket client whose messages can be awaited. */
export interface WsClient {
  readonly webSocket: WebSocket;
  readonly messages: Inbox<string>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<Closed>;
  send(text: string): void;
}

/** Connects, without compression unless the options ask for it. Rejects when the upgrade is rejected. */
export async function wsConnect(
  url: string,
  { protocols = [], ...options }: ClientOptions & { protocols?: string[] } = {},
): Promise<WsClient> {
  const webSocket = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
  const messages = new Inbox<string>();
  webSocket.on("message", (data) => messages.put(data.toString()));
  const closed = new Promise<Closed>((resolve) => {
    webSocket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(webSocket, "open");
  webSocket.on("error", () => {});
  return { webSocket, messages, closed, send: (text) => webSocket.send(text) };
}
