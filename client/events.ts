import type { RelayError } from "./errors.ts";
import type { Member, Receipt, RelayMessage, SendOptions } from "./messages.ts";

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
  /** Any other text that arrives: bare data, or an error frame of API Gateway. */
  readonly text: string;
  /** An error of the relay that belongs to no message of this client. */
  readonly error: RelayError;
  readonly connecting: StateChange;
  readonly open: StateChange;
  readonly reconnecting: StateChange;
  readonly closed: StateChange;
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
  send(data: unknown, options?: SendOptions): Promise<Receipt>;
  /** Asks the relay who is in the channel, one page after the other. Rejects as `send` does. */
  members(options?: SendOptions): AsyncIterable<Member>;
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
