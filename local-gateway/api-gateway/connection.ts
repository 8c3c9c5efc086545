import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { DisconnectCause } from "../observation.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import {
  Backlog,
  type Closable,
  type ConnectionLimits,
  ConnectionTimer,
  UnreadLimit,
} from "./connection-limits.ts";
import { FrameLimit, protocolViolation } from "./frames.ts";
import { QUOTAS } from "./quotas.ts";

/** Is notified of what happens on connections. */
export interface ConnectionListener {
  /** A whole text message has come. Resolves once it is handled; does not reject. */
  message(connection: Connection, text: string): Promise<void>;
  /** The connection has ended; no other notification follows. */
  closed(connection: Connection, cause: DisconnectCause): void;
}

const TOO_MUCH_INFLATED = {
  code: 1008,
  reason: "",
  explanation: "more than 8 MB of inflated messages wait for their functions",
};

/** One open WebSocket. */
export class Connection implements Closable {
  readonly details: ConnectionDetails;
  readonly #webSocket: WebSocket;
  readonly #listener: ConnectionListener;
  readonly #frameLimit = new FrameLimit();
  readonly #timer: ConnectionTimer;
  readonly #unreadLimit: UnreadLimit;
  #lastActiveAt: number;
  #cause: DisconnectCause | undefined;
  /** Most of many connections only listen: there is none before the first message. */
  #backlog: Backlog | undefined;

  /** Follows what comes from the client from now on. `socket` is the one below `webSocket`. */
  constructor(
    details: ConnectionDetails,
    { webSocket, socket }: { readonly webSocket: WebSocket; readonly socket: Duplex },
    limits: ConnectionLimits,
    listener: ConnectionListener,
  ) {
    this.details = details;
    this.#webSocket = webSocket;
    this.#listener = listener;
    this.#lastActiveAt = details.connectedAt;
    this.#unreadLimit = new UnreadLimit(webSocket, limits.unreadTimeout, this);
    this.#timer = new ConnectionTimer(this, limits);
    followClient(socket, webSocket, this);
  }

  /** False from the moment when either side begins to close. */
  get open(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  /** When the last message came or went, in milliseconds since 1970. */
  get lastActiveAt(): number {
    return this.#lastActiveAt;
  }

  /** Sends a text message. `full` means that too much waits for this client already and nothing was sent. */
  send(text: Buffer): "accepted" | "full" | "gone" {
    if (!this.open) {
      return "gone";
    }
    if (this.#unreadLimit.reached()) {
      return "full";
    }
    this.#touch();
    sendText(this.#webSocket, text);
    return "accepted";
  }

  /** Handles a text as if the client had sent it; false when the connection is closing. Its frames do not count. */
  receive(text: string): boolean {
    if (this.open) {
      this.#handle(text);
    }
    return this.open;
  }

  /** Begins to close from the gateway's side. Does nothing when either side has begun before. */
  close(cause: DisconnectCause): void {
    if (!this.open) {
      return;
    }
    this.#cause = cause;
    this.#webSocket.close(cause.code, cause.reason);
    // The client's part of the close may come after messages that the backlog has not read yet.
    this.#webSocket.resume();
  }

  /** Ends without waiting for the client's part of the close. */
  terminate(): void {
    this.#webSocket.terminate();
  }

  /** Bytes of the WebSocket protocol have come, which the library has not seen yet. */
  onBytes(chunk: Buffer): void {
    this.#frameLimit.read(chunk);
    this.#enforceFrameLimit();
  }

  onMessage(text: string): void {
    if (this.#frameLimit.acceptsMessage() && !this.#cause) {
      this.#handle(text);
    }
    this.#enforceFrameLimit();
  }

  onPing(data: Buffer): void {
    // Pongs, too, would wait for a client that does not read; it may be spared all but the last one.
    if (!this.#unreadLimit.reached()) {
      this.#webSocket.pong(data);
    }
  }

  /** The library ends the connection because of what has come, or the network has failed. */
  onError(error: Error): void {
    this.#cause ??= protocolViolation(error);
  }

  onClose(code: number, reason: string): void {
    this.#timer.stop();
    this.#unreadLimit.stop();
    this.#listener.closed(this, this.#cause ?? clientDisconnectCause(code, reason));
  }

  #handle(text: string): void {
    this.#touch();
    this.#backlog ??= new Backlog(this.#webSocket);
    const bytes = Buffer.byteLength(text);
    if (this.#backlog.accepts(bytes)) {
      void this.#backlog.add(bytes, this.#listener.message(this, text));
    } else {
      this.close(TOO_MUCH_INFLATED);
    }
  }

  #enforceFrameLimit(): void {
    const { violation } = this.#frameLimit;
    if (violation) {
      this.close(violation);
    }
  }

  #touch(): void {
    this.#lastActiveAt = Date.now();
    this.#timer.touch();
  }
}

/** By WebSocket and by socket. */
const CONNECTIONS = new WeakMap<object, Connection>();

/**
 * Notifies a connection of what comes from its client. All clients share these few listeners, which find the connection by
 * their `this`: closures for each client would make an idle connection larger by a tenth.
 */
function followClient(socket: Duplex, webSocket: WebSocket, connection: Connection): void {
  CONNECTIONS.set(socket, connection).set(webSocket, connection);
  socket.prependListener("data", onBytes);
  webSocket.on("message", onMessage);
  webSocket.on("ping", onPing);
  webSocket.on("error", onError);
  webSocket.on("close", onClose);
}

function onBytes(this: Duplex, chunk: Buffer): void {
  CONNECTIONS.get(this)?.onBytes(chunk);
}

function onMessage(this: WebSocket, data: RawData): void {
  CONNECTIONS.get(this)?.onMessage(data.toString());
}

function onPing(this: WebSocket, data: Buffer): void {
  CONNECTIONS.get(this)?.onPing(data);
}

function onError(this: WebSocket, error: Error): void {
  CONNECTIONS.get(this)?.onError(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  CONNECTIONS.get(this)?.onClose(code, reason.toString());
}

/**
 * Sends one text message, in frames of at most 32 KB. All of its frames are handed over at once, so that messages sent
 * at the same time cannot mix. They are never compressed, which a client that negotiated compression has to accept: each
 * compressor would take a quarter of a megabyte.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc7692#section-6
 */
function sendText(webSocket: WebSocket, text: Buffer): void {
  let offset = 0;
  do {
    const frame = text.subarray(offset, offset + QUOTAS.frameSize);
    offset += QUOTAS.frameSize;
    const fin = offset >= text.length;
    webSocket.send(frame, { binary: false, compress: false, fin }, ignoreLostSocket);
  } while (offset < text.length);
}

/** A send that fails has lost its connection, and that is reported by the connection's end. */
function ignoreLostSocket(): void {}

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
