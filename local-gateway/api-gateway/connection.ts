import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { DisconnectCause } from "../observation.ts";
import type { ConnectionDetails } from "./connection-details.ts";
import { type ClientFollower, clientDisconnectCause, followClient } from "./follow-client.ts";
import { FrameLimit, protocolViolation } from "./frames.ts";
import { QUOTAS } from "./quotas.ts";

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

/** What a connection timer goes by, in seconds. */
interface TimerLimits {
  readonly idleTimeout: number;
  readonly connectionDuration: number;
}

/**
 * Closes a connection that had no traffic for a time, or that has been open for too long. Messages and posts are
 * traffic, pings are not. Traffic only notes its time: the timer looks, when it ends, how long it has to go on.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
class ConnectionTimer {
  readonly #connection: Closable;
  readonly #limits: TimerLimits;
  /** Of the monotonic clock, in milliseconds, as all times here. */
  readonly #startedAt = performance.now();
  #touchedAt = this.#startedAt;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Closable, limits: TimerLimits) {
    this.#connection = connection;
    this.#limits = limits;
    this.#wait(Math.min(limits.idleTimeout, limits.connectionDuration) * 1000);
  }

  /** Tells of traffic. */
  touch(): void {
    this.#touchedAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    const now = performance.now();
    const { idleTimeout, connectionDuration } = this.#limits;
    const idleRest = this.#touchedAt + idleTimeout * 1000 - now;
    const rest = this.#startedAt + connectionDuration * 1000 - now;
    if (idleRest <= 0) {
      const rule = "API Gateway closes after 10 idle minutes";
      this.#connection.close(goingAway(`no traffic for ${seconds(idleTimeout)}; ${rule}`));
    } else if (rest <= 0) {
      const rule = "API Gateway closes every connection after 2 hours";
      this.#connection.close(goingAway(`open for ${seconds(connectionDuration)}; ${rule}`));
    } else {
      this.#wait(Math.min(idleRest, rest));
    }
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(ConnectionTimer.#end, milliseconds, this);
  }

  /** Static, so that all timers share one function: there may be very many of them. */
  static #end(timer: ConnectionTimer): void {
    timer.#check();
  }
}

function seconds(count: number): string {
  return `${count.toLocaleString("en")} s`;
}

function goingAway(explanation: string): DisconnectCause {
  return { code: 1001, reason: "Going away", explanation };
}

/** Bytes that may wait for a client which does not read: our own bound, AWS documents only that there is one. */
const MAX_UNREAD = 1024 * 1024;

/**
 * Watches how much waits for a client that does not read. Once it is too much nothing is to be added; if it still is when
 * the time is over, the client is closed with 1008. When AWS ends such a client is not documented.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
class UnreadLimit {
  readonly #webSocket: WebSocket;
  readonly #timeout: number;
  readonly #connection: Closable;
  #timer: NodeJS.Timeout | undefined;

  /** @param timeout in seconds */
  constructor(webSocket: WebSocket, timeout: number, connection: Closable) {
    this.#webSocket = webSocket;
    this.#timeout = timeout;
    this.#connection = connection;
  }

  /** To be asked before anything is sent: whether too much waits already. */
  reached(): boolean {
    if (!this.#full) {
      return false;
    }
    this.#timer ??= setTimeout(() => this.#decide(), this.#timeout * 1000);
    return true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  get #full(): boolean {
    return this.#webSocket.bufferedAmount > MAX_UNREAD;
  }

  #decide(): void {
    this.#timer = undefined;
    if (this.#full) {
      const explanation = `more than 1 MB has waited for ${this.#timeout.toLocaleString("en")} s: the client does not read`;
      this.#connection.close({ code: 1008, reason: "", explanation });
    }
  }
}

/** What a backlog holds back: a WebSocket, or a part of it. */
interface Source {
  pause(): void;
  resume(): void;
}

/**
 * As many messages as Lambda runs at a time in an account, and bytes of text: our own bounds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_MESSAGES = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** What has been read already goes on to be inflated: 64 KB may become 64 MB. Of that, so many bytes may wait. */
const MAX_INFLATED_BYTES = 8 * 1024 * 1024;

/**
 * The messages of one connection that are being handled. While they are too many, no more is read from the client: it
 * may send without end, but not faster than its messages are handled.
 */
export class Backlog {
  readonly #source: Source;
  #messages = 0;
  #bytes = 0;
  #paused = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** To be asked before `hold`: whether a message of some bytes may wait, too. Without compression each may. */
  admits(bytes: number): boolean {
    return this.#bytes + bytes <= MAX_INFLATED_BYTES;
  }

  /** Counts a message of some bytes in, until `handled` settles; it must not reject. */
  async hold(bytes: number, handled: Promise<void>): Promise<void> {
    this.#change(1, bytes);
    await handled;
    this.#change(-1, -bytes);
  }

  #change(messages: number, bytes: number): void {
    this.#messages += messages;
    this.#bytes += bytes;
    const full = this.#messages >= MAX_MESSAGES || this.#bytes >= MAX_BYTES;
    if (full !== this.#paused) {
      this.#paused = full;
      this.#source[full ? "pause" : "resume"]();
    }
  }
}

/** What a broken rule closes: a connection. */
interface Closable {
  /** Begins to close. Does nothing when either side has begun before. */
  close(cause: DisconnectCause): void;
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
