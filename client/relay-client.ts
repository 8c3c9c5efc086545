import type { MessageFrame } from "../protocol/frames.ts";
import { Channels } from "./channels.ts";
import { CLOSED_BY_RELAY, type Connection } from "./connection.ts";
import { Connector, type ConnectorOwner } from "./connector.ts";
import { RelayError, textOf, toError } from "./errors.ts";
import { type Channel, Emitter, type RelayEvents, type State } from "./events.ts";
import type { History } from "./history.ts";
import {
  type Frame,
  type MessageOptions,
  type Receipt,
  type RelayMessage,
  type SendOptions,
  sendMessage,
  type Target,
} from "./messages.ts";
import { REMEMBERED } from "./numbers.ts";
import {
  type Positions,
  type RelayClientOptions,
  readSettings,
  type Settings,
  type SubscribeOptions,
} from "./options.ts";
import { clientIsClosed, Requests } from "./requests.ts";

/**
 * A client of the relay that stays connected until it is closed. It begins to connect when the code that made it has
 * run, so that listeners added at once miss nothing.
 */
export class RelayClient {
  readonly #emitter = new Emitter<RelayEvents>();
  readonly #requests: Requests;
  readonly #channels: Channels;
  readonly #connector: Connector;
  readonly #settings: Settings;
  #history: History | undefined;
  readonly #messageIds = new Set<unknown>();
  readonly #ownIds = new Set<unknown>();

  /** Throws a RelayError for an invalid URL, and for an invalid or unknown option. */
  constructor(url: string | URL, options: RelayClientOptions = {}) {
    const settings = readSettings(url, options);
    this.#settings = settings;
    this.#requests = new Requests(settings);
    this.#connector = new Connector(settings, this.#requests, this.#owner());
    this.#channels = new Channels(settings, this.#requests, this.#connector);
    Promise.resolve(settings.history && this.#loadHistory()).then(
      () => {
        if (this.state !== "closed") {
          this.#connector.start();
        }
      },
      (cause) => this.#connector.close("The part for history could not be loaded.", cause),
    );
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
  async send(target: Target, data: unknown, options?: MessageOptions): Promise<Receipt> {
    if (!target) {
      // To the relay it would be the question "who am I?".
      throw new RelayError("INVALID_MESSAGE", "The message has no target.");
    }
    const { channel } = target as Partial<Exclude<Target, string>>;
    const request = sendMessage(target, data, options);
    const answer = await this.#requests.ask("receipt", request, undefined, options, channel);
    const { relay: _, id: __, ...receipt } = answer;
    this.#history?.sent(channel, receipt);
    return receipt;
  }

  /**
   * Joins a channel, on each further connection as well, until the channel emits `closed`. In a channel that the client is
   * in already nothing changes, unless there are options: they take the place of the earlier ones. Throws a RelayError
   * for an invalid name or option, and when the client is closed.
   */
  subscribe(channel: string, options?: SubscribeOptions): Channel {
    if (this.state === "closed") {
      throw clientIsClosed();
    }
    const { channel: name, emitter } = this.#channels.subscribe(channel, options);
    return {
      name,
      on: (event, listener) => emitter.on(event, listener),
      send: (data, sendOptions) => this.send({ channel: name }, data, sendOptions),
      history: async (question) => (await this.#loadHistory()).read(name, question),
      members: (sendOptions) => this.#requests.members(name, undefined, sendOptions),
      unsubscribe: () => {
        if (this.#channels.wanted.get(name)?.emitter === emitter) {
          this.#channels.leave(name, "Unsubscribed.");
        }
      },
    };
  }

  /** Asks the relay for the id of the current connection. Rejects as `send` does. */
  async whoAmI(options?: SendOptions): Promise<string> {
    return (await this.#requests.ask("id", sendMessage(), undefined, options)).connectionId;
  }

  /**
   * Where the application is in the channels with history: for the option `positions` of another client, which goes on from
   * there. Stored together with a message that has just arrived, it means that this one will not come again.
   */
  positions(): Positions {
    return this.#history?.positions() ?? this.#settings.positions ?? {};
  }

  /** Closes for good, and rejects what has no answer yet with the code CLOSED. Twice is no error. */
  close(): void {
    this.#connector.close("The client was closed.");
  }

  #owner(): ConnectorOwner {
    return {
      registered: (connection, { channels }) => {
        remember(this.#ownIds, connection.connectionId);
        // Memberships have ended, or frames that said so were lost.
        const { joined } = connection;
        if (channels && channels.length < [...joined.values()].filter(Boolean).length) {
          joined.clear();
        }
        void this.#channels.sync(connection);
      },
      channels: () =>
        [...this.#channels.wanted.values()].filter(({ isKnown, token }) => isKnown && !token),
      received: (connection, frame, text) => this.#receive(connection, frame, text),
      changed: (change) => {
        if (change.state === "closed") {
          this.#requests.close(change.reason, change.cause);
          for (const channel of this.#channels.wanted.keys()) {
            this.#channels.leave(channel, change.reason, change.cause);
          }
        }
        this.#emitter.emit(change.state, change);
      },
    };
  }

  /** A page loads this part when it needs it. */
  async #loadHistory(): Promise<History> {
    const part = await import("./history.ts");
    this.#history ??= new part.History({
      settings: this.#settings,
      requests: this.#requests,
      connector: this.#connector,
      channels: this.#channels,
      emitter: this.#emitter,
      RelayError,
    });
    return this.#history;
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
    } else if (frame.relay === "presence") {
      this.#channels.wanted.get(frame.channel)?.watch?.receive(frame);
    } else if (frame.relay === "closed") {
      this.#connector.close(textOf(frame.reason) || CLOSED_BY_RELAY);
    } else if (frame.relay === "unsubscribed" && frame.id === undefined) {
      this.#channels.leave(frame.channel, CLOSED_BY_RELAY);
    } else {
      this.#requests.settle(frame.id, frame);
    }
  }

  #deliver({ relay: _, ...message }: MessageFrame): void {
    const { from, to, messageId }: RelayMessage = message;
    // Our own messages to the channel reach our other connection while one takes over from the other.
    if (!from || !to || (to.channel !== undefined && this.#ownIds.has(from.connectionId))) {
      return;
    }
    if (remember(this.#messageIds, messageId)) {
      this.#channels.wanted.get(to.channel)?.emitter.emit("message", message);
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
