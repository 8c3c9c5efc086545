import type { IdFrame } from "../protocol/frames.ts";
import { MAX_CHANNELS_AT_CONNECT, MAX_CHANNELS_PER_SUBSCRIBE } from "../protocol/limits.ts";
import { toError } from "./errors.ts";
import { connectUrl, subprotocols } from "./handshake.ts";
import { type Frame, parseFrame, sendMessage } from "./messages.ts";
import { DRAIN_CHECK, NORMAL_CLOSURE, OPEN, QUOTED } from "./numbers.ts";
import type { Settings, Subscription } from "./options.ts";
import type { WebSocketLike } from "./platform.ts";

/** Receives what happens on a connection. */
export interface ConnectionOwner {
  /**
   * The relay has answered "who am I?", for the first time or again: the connection works there and back. Unless it is an
   * error, the answer says in which channels the connection is, and for how many seconds it is registered.
   */
  registered(connection: Connection, answer: Partial<IdFrame>): void;
  /** The connection works, but the relay has lost its registration: it receives nothing, and nothing may be sent on it. */
  unregistered(connection: Connection): void;
  /** A text has arrived: a frame of the relay, or another text. */
  received(connection: Connection, frame: Frame | undefined, text: string): void;
  /** They know whether a message that was put on this connection still waits for its answer. */
  readonly requests: { isBusy(connection: Connection): boolean };
  /** The relay has closed the connection on purpose: do not connect again. */
  close(reason: string): void;
  /** The connection has ended, or never opened. Called once, and without a reason when `end()` was called without one. */
  ended(connection: Connection, reason: string | undefined, cause: unknown): void;
}

/** Heartbeats answer on their own connection, so all may have the same id; a client's messages have numbers. */
const HEARTBEAT_ID = "heartbeat";
/** The reason where the relay gives no other. */
export const CLOSED_BY_RELAY = "Closed by the relay.";
const NOT_IDENTIFIED = "The relay did not say who we are:";

/**
 * One connection to the relay, from the attempt to the end. It opens, asks "who am I?", and from then on asks again
 * and again, whatever else arrives: only this answer proves the registration. Without an answer it ends.
 */
export class Connection {
  /** Empty until the connection is ready. */
  connectionId = "";
  /** When the first of its tokens ends that can be renewed, by our clock; 0 if none does. */
  endsAt = 0;
  /** It has ended, or will: another connection takes over. */
  isDraining = false;
  /**
   * What the relay has confirmed, for each channel that the connection is in or about to be in. The URL names the first
   * ones, which count as confirmed.
   */
  declare readonly joined: Map<string | undefined, Subscription | undefined>;
  /** There is a message without an answer that joins or leaves a channel. */
  isBusy = false;
  /** How many channels the next such message may join. */
  maxJoins = MAX_CHANNELS_PER_SUBSCRIBE;
  /** The timer of the next such message, after one in vain. */
  declare pause: unknown;
  readonly #settings: Settings;
  readonly #owner: ConnectionOwner;
  #socket: WebSocketLike | undefined;
  #timer: unknown;
  #drain: unknown;
  /** What arrived instead of the answer to the first question: API Gateway may have said why there is none. */
  #instead = "";
  #asking = false;
  #ended = false;

  constructor(settings: Settings, owner: ConnectionOwner, channels: readonly Subscription[]) {
    const atConnect = channels.slice(0, MAX_CHANNELS_AT_CONNECT);
    // A copy is not what is wanted: with presence, a message has to follow.
    this.joined = new Map(atConnect.map((it) => [it.channel, it.presence ? { ...it } : it]));
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
    let reason = "The connection is closing.";
    let cause: unknown;
    const isOpen = socket?.readyState === OPEN;
    try {
      if (isOpen) {
        socket.send(text);
        return true;
      }
    } catch (error) {
      reason = "The WebSocket failed.";
      cause = error;
    }
    // In a microtask: after the caller has taken note of the result.
    queueMicrotask(() => this.end(reason, cause));
    return isOpen;
  }

  /** Asks whether the connection is alive. Any text is an answer: it has come all the way. */
  probe(): void {
    if (!this.#asking) {
      this.#asking = true;
      this.#wait(this.#settings.heartbeatTimeout, () =>
        this.end(this.#instead ? `${NOT_IDENTIFIED} ${this.#instead}` : "The connection is dead."),
      );
      // With history, the answer says where the channels are.
      const heartbeat = { ...sendMessage(), id: HEARTBEAT_ID };
      this.send(JSON.stringify({ ...heartbeat, positions: this.#settings.history || undefined }));
    }
  }

  /** Ends after a while, and not before the last answer has come. */
  drain(milliseconds = this.#settings.drainTime): void {
    this.isDraining = true;
    this.#drain = this.#settings.clock.setTimeout(() => {
      if (this.#owner.requests.isBusy(this)) {
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
    this.#ended = this.isDraining = true;
    for (const timer of [this.#timer, this.#drain, this.pause]) {
      this.#settings.clock.clearTimeout(timer);
    }
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
    let problem = "The token function failed.";
    try {
      const protocols = subprotocols(await (typeof token === "function" ? token() : token));
      problem = "The WebSocket could not be made.";
      if (!protocols) {
        this.end("The token is not a JWT.");
      } else if (!this.#ended) {
        this.#socket = new WebSocket(connectUrl(url, [...this.joined.keys()]), protocols);
        this.#listen(this.#socket);
      }
    } catch (cause) {
      this.end(problem, cause);
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
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (code === NORMAL_CLOSURE) {
        // A backend has asked for it: by itself, API Gateway ends connections with other codes.
        this.#owner.close(CLOSED_BY_RELAY);
      }
      this.end(
        this.connectionId
          ? `The connection ended with code ${code}${reason && `: ${reason}`}.`
          : `The connection could not be opened (code ${code}): ${reason || problem}.`,
      );
    };
  }

  #receive(text: string): void {
    const frame = parseFrame(text);
    // A message has the id that its sender chose: it must not pass for the answer.
    const answer =
      (frame?.relay === "id" || frame?.relay === "error") && frame.id === HEARTBEAT_ID
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
      this.#owner.registered(this, answer as Partial<IdFrame>);
    }
  }

  #wait(milliseconds: number, callback: () => void): void {
    this.#settings.clock.clearTimeout(this.#timer);
    this.#timer = this.#settings.clock.setTimeout(callback, milliseconds);
  }
}
