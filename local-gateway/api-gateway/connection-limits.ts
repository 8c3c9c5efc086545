import type { WebSocket } from "ws";
import type { DisconnectCause } from "../observation.ts";

/** How long a connection may be idle, may last, and may leave unread what waits for it, in seconds. */
export interface ConnectionLimits extends TimerLimits {
  readonly unreadTimeout: number;
}

/** What a broken rule closes: a connection. */
export interface Closable {
  /** Begins to close. Does nothing when either side has begun before. */
  close(cause: DisconnectCause): void;
}

/** How long a connection may be idle and may last, in seconds. */
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
export class ConnectionTimer {
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

  /** Notes that there was traffic. */
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
 * Watches how much waits for a client that does not read. Once it is too much, nothing may be added; if it still is when
 * the time is over, the client is closed with 1008. When AWS ends such a client is not documented.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
 */
export class UnreadLimit {
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

/** What a backlog stops reading from: a WebSocket, or a part of it. */
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

  /** To be asked before `add`: whether a message of some bytes may wait, too. Without compression each may. */
  accepts(bytes: number): boolean {
    return this.#bytes + bytes <= MAX_INFLATED_BYTES;
  }

  /** Counts a message of some bytes in, until `handled` settles; it must not reject. */
  async add(bytes: number, handled: Promise<void>): Promise<void> {
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
