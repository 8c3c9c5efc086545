import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { Backlog } from "./backlog.ts";
import { clientDisconnectCause } from "./client-disconnect-cause.ts";
import type { Closable } from "./closable.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { ConnectionTimer, type TimerLimits } from "./connection-timer.ts";
import type { DisconnectCause } from "./disconnect-cause.ts";
import { type ClientFollower, followClient } from "./follow-client.ts";
import { FrameLimit } from "./frame-limit.ts";
import { protocolViolation } from "./protocol-violation.ts";
import { sendText } from "./send-text.ts";
import { UnreadLimit } from "./unread-limit.ts";

/** How long a connection may be idle, may last, and may leave unread what waits for it, in seconds. */
export interface ConnectionLimits extends TimerLimits {
  readonly unreadTimeout: number;
}

/** Who is told what happens on connections. */
export interface ConnectionListener {
  /** A whole text message has come. Resolves once it is handled; does not reject. */
  message(connection: Connection, text: string): Promise<void>;
  /** The connection has ended; nothing else follows on it. */
  closed(connection: Connection, cause: DisconnectCause): void;
}

const TOO_MUCH_INFLATED = {
  code: 1008,
  reason: "",
  explanation: "more than 8 MB of inflated messages wait for their functions",
};

/** One open WebSocket. */
export class Connection implements Closable, ClientFollower {
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

  constructor(
    details: ConnectionDetails,
    webSocket: WebSocket,
    limits: ConnectionLimits,
    listener: ConnectionListener,
  ) {
    this.details = details;
    this.#webSocket = webSocket;
    this.#listener = listener;
    this.#lastActiveAt = details.connectedAt;
    this.#unreadLimit = new UnreadLimit(webSocket, limits.unreadTimeout, this);
    this.#timer = new ConnectionTimer(this, limits);
  }

  /** Starts to follow what comes from the client. */
  listen(socket: Duplex): void {
    followClient(socket, this.#webSocket, this);
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

  /** Begins to close from the gateway's side. Does nothing when either side has begun before. */
  close(cause: DisconnectCause): void {
    if (!this.open) {
      return;
    }
    this.#cause = cause;
    this.#webSocket.close(cause.code, cause.reason);
    // The client's part of the close may stand behind messages that were held back.
    this.#webSocket.resume();
  }

  /** Ends without waiting for the client's part of the close. */
  terminate(): void {
    this.#webSocket.terminate();
  }

  onBytes(chunk: Buffer): void {
    this.#frameLimit.read(chunk);
    this.#enforceFrameLimit();
  }

  onMessage(text: string): void {
    if (this.#frameLimit.admitsMessage() && !this.#cause) {
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
    if (this.#backlog.admits(bytes)) {
      void this.#backlog.hold(bytes, this.#listener.message(this, text));
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
