import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { Backlog } from "./backlog.ts";
import { clientDisconnectCause } from "./client-disconnect-cause.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import type { DisconnectCause } from "./disconnect-cause.ts";
import { FrameLimit } from "./frame-limit.ts";
import { IdleTimer } from "./idle-timer.ts";
import { protocolViolation } from "./protocol-violation.ts";
import { sendText } from "./send-text.ts";
import { UnreadLimit } from "./unread-limit.ts";

/** How long a connection may be idle, may last, and may leave unread what waits for it, in seconds. */
export interface ConnectionLimits {
  readonly idleTimeout: number;
  readonly connectionDuration: number;
  readonly unreadTimeout: number;
}

/** Who is told what happens on a connection. */
export interface ConnectionListener {
  /** A whole text message has come. Resolves once it is handled; does not reject. */
  message(text: string): Promise<void>;
  /** The connection has ended; nothing else follows. */
  closed(cause: DisconnectCause): void;
}

/** One open WebSocket. */
export class Connection {
  readonly details: ConnectionDetails;
  readonly #webSocket: WebSocket;
  readonly #backlog: Backlog;
  readonly #frameLimit: FrameLimit;
  readonly #idleTimer: IdleTimer;
  readonly #unreadLimit: UnreadLimit;
  readonly #durationTimer: NodeJS.Timeout;
  #lastActiveAt: number;
  #cause: DisconnectCause | undefined;

  constructor(details: ConnectionDetails, webSocket: WebSocket, limits: ConnectionLimits) {
    this.details = details;
    this.#webSocket = webSocket;
    this.#lastActiveAt = details.connectedAt;
    this.#backlog = new Backlog(webSocket);
    this.#frameLimit = new FrameLimit((cause) => this.close(cause));
    const { idleTimeout, connectionDuration, unreadTimeout } = limits;
    this.#unreadLimit = new UnreadLimit(webSocket, unreadTimeout, (cause) => this.close(cause));
    this.#idleTimer = new IdleTimer(idleTimeout, () =>
      this.close(
        goingAway(
          `no traffic for ${seconds(idleTimeout)}; API Gateway closes after 10 idle minutes`,
        ),
      ),
    );
    this.#durationTimer = setTimeout(
      () =>
        this.close(
          goingAway(
            `open for ${seconds(connectionDuration)}; API Gateway closes every connection after 2 hours`,
          ),
        ),
      connectionDuration * 1000,
    );
  }

  /** Starts to follow what comes from the client. */
  listen(socket: Duplex, listener: ConnectionListener): void {
    socket.prependListener("data", (chunk: Buffer) => this.#frameLimit.read(chunk));
    this.#webSocket.on("message", (data) => {
      if (!this.#frameLimit.admitsMessage() || this.#cause) {
        return;
      }
      this.#touch();
      const text = data.toString();
      void this.#backlog.hold(Buffer.byteLength(text), listener.message(text));
    });
    this.#webSocket.on("ping", (data) => {
      // Pongs, too, would wait for a client that does not read; it may be spared all but the last one.
      if (!this.#unreadLimit.reached()) {
        this.#webSocket.pong(data);
      }
    });
    this.#webSocket.on("error", (error) => {
      this.#cause ??= protocolViolation(error);
    });
    this.#webSocket.on("close", (code, reason) => {
      this.#idleTimer.stop();
      this.#unreadLimit.stop();
      clearTimeout(this.#durationTimer);
      listener.closed(this.#cause ?? clientDisconnectCause(code, reason.toString()));
    });
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

  #touch(): void {
    this.#lastActiveAt = Date.now();
    this.#idleTimer.touch();
  }
}

function seconds(count: number): string {
  return `${count.toLocaleString("en")} s`;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html */
function goingAway(explanation: string): DisconnectCause {
  return { code: 1001, reason: "Going away", explanation };
}
