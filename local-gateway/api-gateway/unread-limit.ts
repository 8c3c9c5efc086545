import type { WebSocket } from "ws";
import type { Closable } from "./closable.ts";

/** Bytes that may wait for a client which does not read: our own bound, AWS documents only that there is one. */
const MAX_UNREAD = 1024 * 1024;

/**
 * Watches how much waits for a client that does not read. Once it is too much nothing is to be added; if it still is when
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
