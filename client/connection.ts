import { subprotocols } from "./address.ts";
import { errorOf } from "./errors.ts";
import { type Frame, parseFrame } from "./messages.ts";
import type { RelayClientOptions, Settings } from "./options.ts";
import type { WebSocketLike } from "./platform.ts";

/** Who is told what happens on a connection. */
export interface ConnectionOwner {
  /**
   * The relay has answered "who am I?", for the first time or again: the connection works there and back. The answer may
   * say for how many seconds it is registered.
   */
  registered(connection: Connection, expiresIn: number | undefined): void;
  /** The connection works, but the relay has lost its registration: it receives nothing, and nothing may be sent on it. */
  unregistered(connection: Connection): void;
  /** A text has arrived: a frame of the relay, or another text. */
  received(connection: Connection, frame: Frame | undefined, text: string): void;
  /** Whether an answer may still come on this connection. */
  isDue(connection: Connection): boolean;
  /** The connection is no more, or never came to be. Called once, and without a reason when somebody wanted that. */
  ended(connection: Connection, reason: string | undefined, cause: unknown): void;
}

/** Heartbeats answer on their own connection, so all may have the same id; a client's messages have numbers. */
const HEARTBEAT_ID = "heartbeat";
const HEARTBEAT = JSON.stringify({ action: "sendMessageRoute", id: HEARTBEAT_ID });
const NOT_TOLD = "The relay did not say who we are:";
/** How much of a text a reason quotes, in characters. */
const QUOTED = 200;
const NORMAL_CLOSURE = 1000;
/** How often to look whether answers are still due on an old connection, in milliseconds. */
const RETIREMENT_CHECK = 1000;

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
  #retirement: unknown;
  /** What arrived instead of the answer to the first question: API Gateway may have said why there is none. */
  #instead = "";
  #asking = false;
  #ended = false;

  constructor(settings: Settings, owner: ConnectionOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#wait(settings.connectTimeout, () => this.end("The attempt to connect took too long."));
    void this.#open();
  }

  /** Whether the text was put on the socket. If it was not, the connection ends: the far end may never close it. */
  send(text: string): boolean {
    return sendOn(this.#socket, text, (reason, cause) => this.end(reason, cause));
  }

  /** Asks whether the connection is alive. Any text is an answer: it has come all the way. */
  probe(): void {
    if (!this.#asking) {
      this.#asking = true;
      this.#wait(this.#settings.heartbeatTimeout, () =>
        this.end(this.#instead ? `${NOT_TOLD} ${this.#instead}` : "The connection is dead."),
      );
      this.send(HEARTBEAT);
    }
  }

  /** Ends after a while, as soon as no answer is due on it. */
  retire(milliseconds = this.#settings.rotationOverlap): void {
    this.#retirement = this.#settings.clock.setTimeout(() => {
      if (this.#owner.isDue(this)) {
        this.retire(RETIREMENT_CHECK);
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
    this.#settings.clock.clearTimeout(this.#retirement);
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
    // Only when the owner knows this connection: a token function may close the client.
    await undefined;
    if (this.#ended) {
      return;
    }
    let protocols: string[];
    try {
      protocols = subprotocols(await readToken(token));
    } catch (error) {
      const { message, cause } = error as Error;
      return this.end(message, cause);
    }
    if (!this.#ended) {
      try {
        this.#listen(new WebSocket(url, protocols));
      } catch (cause) {
        this.end("The WebSocket could not be made.", cause);
      }
    }
  }

  #listen(socket: WebSocketLike): void {
    let problem = "rejected, or the network is away";
    this.#socket = socket;
    socket.onopen = () => this.probe();
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "string") {
        this.#receive(data);
      }
    };
    socket.onerror = ({ message }: { message?: string }) => {
      // Browsers tell nothing; outside, it may be the status of the rejection.
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
    const answer = frame?.id === HEARTBEAT_ID && frame.relay !== "message" ? frame : undefined;
    if (answer && !this.connectionId) {
      if (typeof answer.connectionId !== "string") {
        const error = errorOf(answer);
        this.end(`${NOT_TOLD} ${error.message}`, error);
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
    if (frame?.code === "NOT_REGISTERED") {
      this.#owner.unregistered(this);
    } else if (answer) {
      this.#owner.registered(this, answer.expiresIn as number | undefined);
    }
  }

  #wait(milliseconds: number, callback: () => void): void {
    this.#settings.clock.clearTimeout(this.#timer);
    this.#timer = this.#settings.clock.setTimeout(callback, milliseconds);
  }
}

const OPEN = 1;

/**
 * Puts a text on a socket, if it is open, and says whether it did. Nobody knows what became of a text over which the
 * socket threw, so it counts as sent. Of any failure `onFailure` is told when the caller has noted the answer.
 */
function sendOn(
  socket: WebSocketLike | undefined,
  text: string,
  onFailure: (reason: string, cause?: unknown) => void,
): boolean {
  if (socket?.readyState !== OPEN) {
    queueMicrotask(() => onFailure("The connection is closing."));
    return false;
  }
  try {
    socket.send(text);
  } catch (cause) {
    queueMicrotask(() => onFailure("The WebSocket failed.", cause));
  }
  return true;
}

/** The token for one connection. Rejects with one sentence, and with what the token function threw as the cause. */
async function readToken(token: RelayClientOptions["token"]): Promise<unknown> {
  try {
    return await (typeof token === "function" ? token() : token);
  } catch (cause) {
    throw new Error("The token function failed.", { cause });
  }
}
