import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { DisconnectCause } from "../observation.ts";

/** Who follows what comes from one client. */
export interface ClientFollower {
  /** Bytes of the WebSocket protocol have come, which the library has not seen yet. */
  onBytes(chunk: Buffer): void;
  onMessage(text: string): void;
  onPing(data: Buffer): void;
  /** The library ends the connection because of what has come, or the network has failed. */
  onError(error: Error): void;
  /** Nothing else follows. */
  onClose(code: number, reason: string): void;
}

/** By WebSocket and by socket. */
const FOLLOWERS = new WeakMap<object, ClientFollower>();

/**
 * Tells `follower` what comes from a client. All clients share these few listeners, which find the follower by their
 * `this`: closures for each client would make an idle connection larger by a tenth.
 */
export function followClient(socket: Duplex, webSocket: WebSocket, follower: ClientFollower): void {
  FOLLOWERS.set(socket, follower).set(webSocket, follower);
  socket.prependListener("data", onBytes);
  webSocket.on("message", onMessage);
  webSocket.on("ping", onPing);
  webSocket.on("error", onError);
  webSocket.on("close", onClose);
}

function onBytes(this: Duplex, chunk: Buffer): void {
  FOLLOWERS.get(this)?.onBytes(chunk);
}

function onMessage(this: WebSocket, data: RawData): void {
  FOLLOWERS.get(this)?.onMessage(data.toString());
}

function onPing(this: WebSocket, data: Buffer): void {
  FOLLOWERS.get(this)?.onPing(data);
}

function onError(this: WebSocket, error: Error): void {
  FOLLOWERS.get(this)?.onError(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  FOLLOWERS.get(this)?.onClose(code, reason.toString());
}

/** No close frame had a code: the client gave none. */
const NO_STATUS = 1005;
/** There was no close frame at all. */
const ABNORMAL = 1006;

/**
 * The cause of a close that did not come from the gateway: the client's own code and reason, or what API Gateway
 * writes in their place. Its words for a lost network are not known, these are a guess.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function clientDisconnectCause(code: number, reason: string): DisconnectCause {
  if (code === NO_STATUS) {
    return { code, reason: "Client-side close frame status not set" };
  }
  if (code === ABNORMAL) {
    return { code, reason: "Connection closed abnormally" };
  }
  return { code, reason };
}
