import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type ClientOptions, WebSocket } from "ws";

/** The HTTP answer that a client got instead of a connection. */
export interface WsRejection {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Tries to connect and gives the rejection; fails when the connection opens. */
export async function wsRejection(
  url: string,
  { protocols = [], ...options }: ClientOptions & { protocols?: string[] } = {},
): Promise<WsRejection> {
  const webSocket = new WebSocket(url, protocols, options);
  webSocket.on("error", () => {});
  const opened = once(webSocket, "open").then(() => {
    webSocket.terminate();
    throw new Error("The connection was not rejected.");
  });
  const rejected = once(webSocket, "unexpected-response").then(async ([request, response]) => {
    const body = await text(response);
    request.destroy();
    return { status: response.statusCode, headers: response.headers, body };
  });
  return await Promise.race([opened, rejected]);
}
