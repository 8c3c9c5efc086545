import type { MessageFrame } from "../protocol/frames.ts";
import type { Connection } from "./connection.ts";
import { Connector, type ConnectorOwner } from "./connector.ts";
import { RelayError, toError } from "./errors.ts";
import { Emitter, type RelayEvents, type State } from "./events.ts";
import {
  type Frame,
  type Receipt,
  type RelayMessage,
  type Target,
  writeRequest,
} from "./messages.ts";
import { type RelayClientOptions, readSettings, type Settings } from "./options.ts";
import { Requests } from "./requests.ts";

/** How many messages and connections are remembered. Duplicates come close together: the time of a rotation. */
const REMEMBERED = 1000;

/** What goes with one message. */
export interface SendOptions {
  /** Stops waiting for the answer. A message that is already on its way goes on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A client of the relay that stays connected until it is closed. It begins to connect when the code that made it has
 * run, so that listeners added at once miss nothing.
 */
export class RelayClient {
  readonly #settings: Settings;
  readonly #emitter = new Emitter<RelayEvents>();
  readonly #requests: Requests;
  readonly #connector: Connector;
  readonly #messageIds = new Set<unknown>();
  readonly #ownIds = new Set<unknown>();
  #count = 0;

  /** Throws a RelayError for an invalid URL, and for an invalid or unknown option. */
  constructor(url: string | URL, options: RelayClientOptions = {}) {
    this.#settings = readSettings(url, options);
    this.#requests = new Requests(this.#settings);
    this.#connector = new Connector(this.#settings, this.#owner());
    queueMicrotask(() => {
      if (this.state !== "closed") {
        this.#connector.start();
      }
    });
  }

  get state(): State {
    return this.#connector.state;
  }

  /** Calls the listener at each such event until the returned function is called. */
  on<Name extends keyof RelayEvents>(
    name: Name,
    listener: (value: RelayEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Sends `data` (any JSON value) and resolves with the receipt. Rejects with a RelayError, and within `sendTimeout`
   * it does one or the other. A message is sent once at most, and again only if the relay says that it has lost the
   * connection's registration and sent nothing.
   */
  async send(target: Target, data: unknown, options?: SendOptions): Promise<Receipt> {
    if (!target) {
      // To the relay it would be the question "who am I?".
      throw new RelayError("INVALID_MESSAGE", "The message has no target.");
    }
    const { relay: _, id: __, ...receipt } = await this.#ask("receipt", options, target, data);
    return receipt;
  }

  /** Asks the relay for the id of the current connection. Rejects as `send` does. */
  async whoAmI(options?: SendOptions): Promise<string> {
    return (await this.#ask("id", options)).connectionId;
  }

  /** Closes for good, and rejects what has no answer yet with the code CLOSED. Twice is no error. */
  close(): void {
    this.#connector.close("The client was closed.");
  }

  async #ask<Kind extends "receipt" | "id">(
    kind: Kind,
    { signal }: SendOptions = {},
    target?: Target,
    data?: unknown,
  ) {
    // From JavaScript, it may be the signal's controller.
    if (signal && !signal.addEventListener) {
      throw new RelayError("INVALID_MESSAGE", "The signal is not an AbortSignal.");
    }
    const id = String(++this.#count);
    const text = this.#write(id, target, data);
    if (this.state === "closed") {
      throw new RelayError("CLOSED", "The client is closed.");
    }
    if (signal?.aborted) {
      throw new RelayError("ABORTED", "The message was aborted.", { cause: signal.reason });
    }
    return this.#requests.add(id, text, kind, this.#connector.current, signal);
  }

  #write(id: string, target: Target | undefined, data: unknown): string {
    let text: string;
    let bytes: number;
    try {
      text = writeRequest(id, target, data);
      // In UTF-8, without a TextEncoder: older versions of React Native have none.
      bytes = encodeURI(text).replace(/%../g, "%").length;
    } catch (cause) {
      // What JSON cannot hold, and what is too long for a string.
      throw new RelayError("INVALID_MESSAGE", "The data cannot be written as JSON.", { cause });
    }
    const { maxMessageBytes } = this.#settings;
    if (bytes > maxMessageBytes) {
      const sentence = `The message has ${bytes} bytes as JSON: ${maxMessageBytes} are allowed.`;
      throw new RelayError("TOO_LARGE", sentence);
    }
    return text;
  }

  #owner(): ConnectorOwner {
    return {
      moved: (connection) => {
        remember(this.#ownIds, connection.connectionId);
        this.#requests.flush(connection);
      },
      lost: (connection) => this.#requests.lose(connection),
      isBusy: (connection) => this.#requests.isBusy(connection),
      received: (connection, frame, text) => this.#receive(connection, frame, text),
      changed: (change) => {
        if (change.state === "closed") {
          this.#requests.close(change.reason, change.cause);
        }
        this.#emitter.emit(change.state, change);
      },
    };
  }

  #receive(connection: Connection, frame: Frame | undefined, text: string): void {
    if (!frame) {
      this.#emitter.emit("text", text);
    } else if (frame.relay === "message") {
      this.#deliver(frame);
    } else if (frame.relay === "error") {
      const error = toError(frame);
      if (!this.#requests.settle(frame.id, error, connection) && frame.id === undefined) {
        this.#emitter.emit("error", error);
      }
    } else {
      this.#requests.settle(frame.id, frame);
    }
  }

  #deliver({ relay: _, ...envelope }: MessageFrame): void {
    const message: RelayMessage = envelope;
    const { from, to, messageId } = message;
    // Our own messages to the channel reach our other connection while one takes over from the other.
    if (!from || !to || (to.channel !== undefined && this.#ownIds.has(from.connectionId))) {
      return;
    }
    if (remember(this.#messageIds, messageId)) {
      this.#emitter.emit("message", message);
    }
  }
}

/** Adds an id, and returns whether it is new. The oldest id is forgotten: memory must not grow with a client's age. */
function remember(ids: Set<unknown>, id: unknown): boolean {
  const isNew = !ids.has(id);
  ids.add(id);
  if (ids.size > REMEMBERED) {
    // A set keeps the order in which its members came: the first is the oldest.
    const [oldest] = ids;
    ids.delete(oldest);
  }
  return isNew;
}
