import type { RelayError } from "./errors.ts";
import type { RelayMessage } from "./messages.ts";

/** Where a client stands: on its way for the first time, connected, on its way again, or done. */
export type State = "connecting" | "open" | "reconnecting" | "closed";

/** A change of state, or news within one: another failed attempt, or the move to the next connection. */
export interface StateChange {
  readonly state: State;
  /** One sentence for people. */
  readonly reason: string;
  /** The connection's id, when the state is open. */
  readonly connectionId?: string;
  /** What was thrown, for example by the token function. */
  readonly cause?: unknown;
}

/** What a client tells its listeners, by the event's name. */
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

type Listener<Value> = (value: Value) => void;

/** Listeners by the name of an event. One that throws keeps neither the others nor the client from going on. */
export class Emitter<Events> {
  /** What is to be told, in order; the first of it is being told. */
  readonly #due: (() => void)[] = [];
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** Calls the listener at each such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners: Set<Listener<Events[Name]>> = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    // A wrapper of its own for each call: the same listener may be added twice, and each is taken back alone.
    const added: Listener<Events[Name]> = (value) => listener(value);
    listeners.add(added);
    return () => {
      listeners.delete(added);
    };
  }

  /** Calls the listeners; those of an event that a listener causes, when all have heard of the one before. */
  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    if (this.#due.push(() => this.#tell(name, value)) === 1) {
      for (const tell of this.#due) {
        tell();
      }
      this.#due.length = 0;
    }
  }

  #tell<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    const listeners = this.#listeners[name] ?? new Set();
    // A copy: who is added meanwhile hears the next event first.
    for (const listener of [...listeners]) {
      try {
        if (listeners.has(listener)) {
          listener(value);
        }
      } catch (error) {
        // As with EventTarget, it ends up where uncaught errors do.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
