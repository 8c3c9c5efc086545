import type { RelayError } from "./errors.ts";
import type { Member, MessageOptions, Receipt, RelayMessage, SendOptions } from "./messages.ts";

/** The state of a client: connecting for the first time, connected, connecting again, or closed for good. */
export type State = "connecting" | "open" | "reconnecting" | "closed";

/** A change of state, or an event within one: another failed attempt, or the move to the next connection. */
export interface StateChange {
  readonly state: State;
  /** One sentence for people. */
  readonly reason: string;
  /** The connection's id, when the state is open. */
  readonly connectionId?: string | undefined;
  /** What was thrown, for example by the token function. */
  readonly cause?: unknown;
}

/** What a client emits to its listeners, by the event's name. */
export interface RelayEvents {
  /** A message with its envelope. Each arrives once. */
  readonly message: RelayMessage;
  /** Messages to a channel that the client will not get. Only with history. */
  readonly gap: Gap;
  /** Any other text that arrives: bare data, or an error frame of API Gateway. */
  readonly text: string;
  /** An error of the relay that belongs to no message of this client. */
  readonly error: RelayError;
  readonly connecting: StateChange;
  readonly open: StateChange;
  readonly reconnecting: StateChange;
  readonly closed: StateChange;
}

/** Numbers of a channel's messages that the client will not get: they are not kept any more, or are too many. */
export interface Gap {
  readonly channel: string;
  readonly epoch: string;
  /** The first number and the last. It is Infinity where the numbers have begun anew: nobody knows how many there were. */
  readonly from: number;
  readonly to: number;
}

/** Which messages of a channel to read. */
export interface HistoryOptions extends SendOptions {
  /** Those before this one: a message, or `before` of the page that was read last. The last ones where it is absent. */
  readonly before?: HistoryPlace | undefined;
  /** How many numbers to read; 50 unless it is said. */
  readonly last?: number | undefined;
}

/** A place in a channel's history. */
export interface HistoryPlace {
  readonly sequence?: number | undefined;
  readonly epoch?: string | undefined;
}

/** Messages of a channel, in their order. */
export interface HistoryPage {
  readonly messages: readonly RelayMessage[];
  /** Where the page before this one ends; undefined if there is none, or it is not kept any more. */
  readonly before: HistoryPlace | undefined;
}

/** A user who has come to a channel, or has gone. */
export interface PresenceChange {
  /** `joined` with the first connection of the user, `left` ten seconds after the last. */
  readonly event: "joined" | "left";
  readonly user: string;
}

/** The end of a subscription. */
export interface ChannelClosed {
  /** One sentence for people. */
  readonly reason: string;
  /** The relay's error, if it has rejected the subscription. */
  readonly cause?: unknown;
}

/** What a channel emits to its listeners, by the event's name. */
export interface ChannelEvents {
  /** A message to the channel. The client emits it, too. */
  readonly message: RelayMessage;
  /** Messages that the client will not get. The client emits it, too. Only with history. */
  readonly gap: Gap;
  /** Who is in the channel, one by one, and then who comes and goes. The client itself counts. */
  readonly presence: PresenceChange;
  /** The client is not in the channel any more, and does not try to be. */
  readonly closed: ChannelClosed;
}

/** A channel in which the client is, or is about to be, until this emits `closed`. */
export interface Channel {
  readonly name: string;
  /** Calls the listener at each such event until the returned function is called. */
  on<Name extends keyof ChannelEvents>(
    name: Name,
    listener: (value: ChannelEvents[Name]) => void,
  ): () => void;
  /** Sends `data` to everyone else in the channel, once the client is in it; otherwise as the client's `send`. */
  send(data: unknown, options?: MessageOptions): Promise<Receipt>;
  /** Asks the relay who is in the channel, one page after the other. Rejects as `send` does. */
  members(options?: SendOptions): AsyncIterable<Member>;
  /** Reads older messages, if the relay keeps them. What they are is not remembered. Rejects as `send` does. */
  history(options?: HistoryOptions): Promise<HistoryPage>;
  /** Leaves the channel: `closed` is the last event. Twice is no error. */
  unsubscribe(): void;
}

type Registration<Events> = readonly [name: keyof Events, listener: (value: never) => void];

/** Listeners by the name of an event. One that throws does not stop the others or the client. */
export class Emitter<Events> {
  /** Events that wait for those before them; the first one is being emitted. */
  readonly #queue: (() => void)[] = [];
  readonly #registrations = new Set<Registration<Events>>();

  /** Calls the listener at each such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): () => void {
    const registration = [name, listener] as const;
    this.#registrations.add(registration);
    return () => {
      this.#registrations.delete(registration);
    };
  }

  /** Calls the listeners. An event that a listener causes is emitted after this one has reached all of them. */
  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    if (this.#queue.push(() => this.#notify(name, value)) === 1) {
      for (const notify of this.#queue) {
        notify();
      }
      this.#queue.length = 0;
    }
  }

  #notify(name: keyof Events, value: unknown): void {
    // A copy: a listener that is added meanwhile receives the next event first.
    for (const registration of [...this.#registrations]) {
      const [wanted, listener] = registration;
      if (wanted === name && this.#registrations.has(registration)) {
        try {
          listener(value as never);
        } catch (error) {
          // As with EventTarget, it ends up where uncaught errors do.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    }
  }
}
