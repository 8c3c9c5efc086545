import { Connection, type ConnectionOwner } from "./connection.ts";
import type { Frame } from "./parse-frame.ts";
import type { Settings } from "./read-settings.ts";
import { reconnectDelay } from "./reconnect-delay.ts";
import type { State, StateChange } from "./state-change.ts";

/** Who is told what happens on a client's connections. */
export interface ConnectorOwner {
  /** The connection is the current one from now on. Must not call anyone from outside: they hear of it next. */
  moved(connection: Connection): void;
  /** No answer will come on this connection any more. */
  lost(connection: Connection): void;
  received(frame: Frame | undefined, text: string): void;
  changed(change: StateChange): void;
  /** Whether an answer may still come on this connection. */
  isDue(connection: Connection): boolean;
}

/** The share of a connection's age by which rotations differ, so that clients do not all move at once. */
const ROTATION_JITTER = 0.1;

/** How old an attempt is before a wake gives it up for a new one, in milliseconds. */
const HANGING = 1000;

/** Keeps one connection open: connects, connects again after failures, and moves on before a connection grows too old. */
export class Connector implements ConnectionOwner {
  state: State = "connecting";
  /** The open connection, if there is one. */
  current: Connection | undefined;
  readonly #settings: Settings;
  readonly #owner: ConnectorOwner;
  readonly #stopListening: () => void;
  /** Those that have not ended: the current one, the next one, and old ones. */
  readonly #connections = new Set<Connection>();
  #next: Connection | undefined;
  #retry: unknown;
  #rotation: unknown;
  #failures = 0;
  #openedAt = 0;
  #begunAt = 0;

  constructor(settings: Settings, owner: ConnectorOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#stopListening = settings.listenForWake(() => this.#wake());
  }

  /** Makes the first attempt. */
  start(): void {
    this.#attempt();
    this.#change("connecting", "The first attempt to connect is under way.");
  }

  /** Ends every connection and every attempt, for good. */
  close(reason: string, cause?: unknown): void {
    if (this.state !== "closed") {
      // Before anybody hears of it: nothing that a listener does may connect again.
      this.#stopListening();
      this.#clearRetry();
      this.#clear(this.#rotation);
      for (const connection of this.#connections) {
        connection.end();
      }
      this.current = this.#next = undefined;
      this.#change("closed", reason, cause);
    }
  }

  ready(connection: Connection): void {
    const { clock, random, rotateAfter, rotationOverlap } = this.#settings;
    const previous = this.current;
    this.#next = undefined;
    this.current = connection;
    this.#openedAt = clock.now();
    this.#rotation = clock.setTimeout(
      () => {
        this.#failures = 0;
        this.#attempt();
      },
      rotateAfter * (1 - ROTATION_JITTER * random()),
    );
    previous?.retire(() => !this.#owner.isDue(previous), rotationOverlap);
    this.#owner.moved(connection);
    this.#change("open", previous ? "The next connection has taken over." : "Connected.");
  }

  received(frame: Frame | undefined, text: string): void {
    this.#owner.received(frame, text);
  }

  ended(connection: Connection, reason: string | undefined, cause: unknown): void {
    const { clock, maxDelay, maxAttempts } = this.#settings;
    this.#connections.delete(connection);
    if (reason === undefined) {
      return;
    }
    this.#owner.lost(connection);
    let lasted = false;
    if (connection === this.current) {
      this.current = undefined;
      this.#clear(this.#rotation);
      // One that ends as soon as it is open is a failure, too: without a growing delay it would be a storm.
      lasted = clock.now() - this.#openedAt > maxDelay;
    } else if (connection === this.#next) {
      this.#next = undefined;
    } else {
      return;
    }
    // A rotation that is under way goes on, with its failures so far.
    if (!this.#next && this.#retry === undefined) {
      this.#failures = lasted ? 0 : this.#failures + 1;
      if (this.state === "connecting" && this.#failures >= maxAttempts) {
        this.#giveUp(reason, cause);
        return;
      }
      this.#retry = clock.setTimeout(
        () => this.#attempt(),
        reconnectDelay(Math.max(this.#failures - 1, 0), this.#settings),
      );
    }
    if (!this.current) {
      this.#change(this.state === "connecting" ? "connecting" : "reconnecting", reason, cause);
    }
  }

  #giveUp(reason: string, cause: unknown): void {
    const plural = this.#failures > 1 ? "s" : "";
    this.close(`Gave up after ${this.#failures} attempt${plural}: ${reason}`, cause);
  }

  #attempt(): void {
    this.#clearRetry();
    this.#begunAt = this.#settings.clock.now();
    this.#next = new Connection(this.#settings, this);
    this.#connections.add(this.#next);
  }

  #wake(): void {
    this.current?.probe();
    const age = this.#settings.clock.now() - this.#begunAt;
    if (!this.current && this.#next && age >= HANGING) {
      // It began on a network that may be gone.
      this.#next.end();
      this.#attempt();
    } else if (this.#retry !== undefined) {
      this.#attempt();
    }
  }

  #change(state: State, reason: string, cause?: unknown): void {
    this.state = state;
    this.#owner.changed({
      state,
      reason,
      ...(this.current && { connectionId: this.current.connectionId }),
      ...(cause !== undefined && { cause }),
    });
  }

  #clearRetry(): void {
    this.#clear(this.#retry);
    this.#retry = undefined;
  }

  #clear(timer: unknown): void {
    this.#settings.clock.clearTimeout(timer);
  }
}
