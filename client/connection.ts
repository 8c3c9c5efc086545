import type { IdFrame } from "../protocol/frames.ts";
import { toError } from "./errors.ts";
import { subprotocols } from "./handshake.ts";
import { type Frame, parseFrame, writeRequest } from "./messages.ts";
import type { Settings } from "./options.ts";
import type { WebSocketLike } from "./platform.ts";

/** Receives what happens on a connection. */
export interface ConnectionOwner {
  /**
   * The relay has answered "who am I?", for the first time or again: the connection works there and back. Unless it is an
   * error, the answer says for how many seconds the connection is registered.
   */
  registered(connection: Connection, expiresIn: number | undefined): void;
  /** The connection works, but the relay has lost its registration: it receives nothing, and nothing may be sent on it. */
  unregistered(connection: Connection): void;
  /** A text has arrived: a frame of the relay, or another text. */
  received(connection: Connection, frame: Frame | undefined, text: string): void;
  /** Whether a message that was put on this connection still waits for its answer. */
  isBusy(connection: Connection): boolean;
  /** The connection has ended, or never opened. Called once, and without a reason when `end()` was called without one. */
  ended(connection: Connection, reason: string | undefined, cause: unknown): void;
}

/** Heartbeats answer on their own connection, so all may have the same id; a client's messages have numbers. */
const HEARTBEAT_ID = "heartbeat";
const HEARTBEAT = writeRequest(HEARTBEAT_ID);
const NOT_IDENTIFIED = "The relay did not say who we are:";
/** How much of a text a reason quotes, in characters. */
const QUOTED = 200;
/** The `readyState` of an open WebSocket, and the code with which it is closed. */
const OPEN = 1;
const NORMAL_CLOSURE = 1000;
/** How often to check whether an old connection still waits for answers, in milliseconds. */
const DRAIN_CHECK = 1000;

/**
 * One connection to the relay, from the attempt to the end. It opens, asks "who am I?", and from then on asks again
 * and again, whatever else arrives: only this answer proves the registration. Without an answer it ends.
 */
export class Connection {
  /** Empty until the connection is ready. */
  connectionId = "";
  readonly #settings: Settings;
  readonly #owner: ConnectionOwner;
  #socket: WebSocketLike | undefined;
  #timer: unknown;
  #drain: unknown;
  /** What arrived instead of the answer to the first question: API Gateway may have said why there is none. */
  #instead = "";
  #asking = false;
  #ended = false;

  constructor(settings: Settings, owner: ConnectionOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#wait(settings.connectTimeout, () => this.end("The attempt took too long."));
    void this.#open();
  }

  /**
   * Puts a text on the socket, and returns whether it did. If it did not, the connection ends: the far end may never
   * close it. A text over which the socket threw counts as sent, because it may have arrived.
   */
  send(text: string): boolean {
    const socket = this.#socket;
    // In a microtask: after the caller has taken note of the result.
    const fail = (reason: string, cause?: unknown) => queueMicrotask(() => this.end(reason, cause));
    if (socket?.readyState !== OPEN) {
      fail("The connection is closing.");
      return false;
    }
    try {
      socket.send(text);
    } catch (cause) {
      fail("The WebSocket failed.", cause);
    }
    return true;
  }

  /** Asks whether the connection is alive. Any text is an answer: it has come all the way. */
  probe(): void {
    if (!this.#asking) {
      this.#asking = true;
      this.#wait(this.#settings.heartbeatTimeout, () =>
        this.end(this.#instead ? `${NOT_IDENTIFIED} ${this.#instead}` : "The connection is dead."),
      );
      this.send(HEARTBEAT);
    }
  }

  /** Ends after a while, and not before the last answer has come. */
  drain(milliseconds = this.#settings.drainTime): void {
    this.#drain = this.#settings.clock.setTimeout(() => {
      if (this.#owner.isBusy(this)) {
        this.drain(DRAIN_CHECK);
      } else {
        this.end();
      }
    }, milliseconds);
  }

  /** Ends at once; with a reason it is a failure. */
  end(reason?: string, cause?: unknown): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#settings.clock.clearTimeout(this.#timer);
    this.#settings.clock.clearTimeout(this.#drain);
    const socket = this.#socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      // The package ws throws an error that nobody listens for, and closing while connecting is one.
      socket.onerror = () => {};
      if (reason !== undefined && socket.terminate) {
        socket.terminate();
      } else {
        socket.close(NORMAL_CLOSURE);
      }
    }
    this.#owner.ended(this, reason, cause);
  }

  async #open(): Promise<void> {
    const { token, url, WebSocket } = this.#settings;
    // Not before the owner has stored this connection: a token function may close the client.
    await undefined;
    if (this.#ended) {
      return;
    }
    let value: unknown;
    try {
      value = await (typeof token === "function" ? token() : token);
    } catch (cause) {
      return this.end("The token function failed.", cause);
    }
    const protocols = subprotocols(value);
    if (!protocols) {
      return this.end("The token is not a JWT.");
    }
    if (!this.#ended) {
      try {
        this.#socket = new WebSocket(url, protocols);
      } catch (cause) {
        return this.end("The WebSocket could not be made.", cause);
      }
      this.#listen(this.#socket);
    }
  }

  #listen(socket: WebSocketLike): void {
    let problem = "rejected, or the network is away";
    socket.onopen = () => this.probe();
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "string") {
        this.#receive(data);
      }
    };
    socket.onerror = ({ message }: { message?: string }) => {
      // Browsers give no message; elsewhere it may be the status of the rejection.
      problem = message || problem;
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
      this.end(
        this.connectionId
          ? `The connection ended with code ${code}${reason && `: ${reason}`}.`
          : `The connection could not be opened (code ${code}): ${reason || problem}.`,
      );
  }

  #receive(text: string): void {
    const frame = parseFrame(text);
    // A message has the id that its sender chose: it must not pass for the answer.
    const answer =
      frame?.id === HEARTBEAT_ID && (frame.relay === "id" || frame.relay === "error")
        ? frame
        : undefined;
    if (answer && !this.connectionId) {
      if (answer.relay === "error") {
        const error = toError(answer);
        this.end(`${NOT_IDENTIFIED} ${error.message}`, error);
        return;
      }
      this.connectionId = answer.connectionId;
      this.#instead = "";
    }
    if (!this.connectionId) {
      this.#instead = frame ? this.#instead : text.slice(0, QUOTED);
    } else if (this.#asking) {
      this.#asking = false;
      this.#wait(this.#settings.heartbeatAfter, () => this.probe());
    }
    if (!answer) {
      this.#owner.received(this, frame, text);
    }
    if (frame?.relay === "error" && frame.code === "NOT_REGISTERED") {
      this.#owner.unregistered(this);
    } else if (answer) {
      this.#owner.registered(this, (answer as Partial<IdFrame>).expiresIn);
    }
  }

  #wait(milliseconds: number, callback: () => void): void {
    this.#settings.clock.clearTimeout(this.#timer);
    this.#timer = this.#settings.clock.setTimeout(callback, milliseconds);
  }
}
