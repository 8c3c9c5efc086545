import { Connection, type ConnectionOwner } from "./connection.ts";
import type { State, StateChange } from "./events.ts";
import type { Frame } from "./messages.ts";
import type { Settings } from "./options.ts";
import type { Clock } from "./platform.ts";

/** Receives what happens on a client's connections. */
export interface ConnectorOwner {
  /** The connection is the current one from now on. Must not call listeners: `changed` follows. */
  moved(connection: Connection): void;
  /** No answer will come on this connection any more. */
  lost(connection: Connection): void;
  received(connection: Connection, frame: Frame | undefined, text: string): void;
  changed(change: StateChange): void;
  /** Whether a message that was put on this connection still waits for its answer. */
  isBusy(connection: Connection): boolean;
}

/** The share of a connection's age by which rotations differ, so that clients do not all move at once. */
const ROTATION_JITTER = 0.1;

const SECOND = 1000;
const MINUTE = 60_000;

/** How long before its registration ends a connection is replaced, in milliseconds. */
const RENEWAL_LEAD = MINUTE;

/** How often to check whether the machine was asleep, and how late a timer is then at least, in milliseconds. */
const SLEEP_CHECK = 2000;
const SLEPT = 3000;

/** Keeps one connection open: connects, connects again after failures, and moves on before a connection grows too old. */
export class Connector implements ConnectionOwner {
  state: State = "connecting";
  /** The open connection, if there is one. */
  current: Connection | undefined;
  /** The owner reads what arrives, and knows what waits for an answer. */
  readonly received: ConnectorOwner["received"];
  readonly isBusy: ConnectorOwner["isBusy"];
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #owner: ConnectorOwner;
  readonly #stopListening: () => void;
  /** Those that have not ended: the current one, the next one, and old ones. */
  readonly #connections = new Set<Connection>();
  #next: Connection | undefined;
  #retry: unknown;
  #rotation: unknown;
  #sleepCheck: unknown;
  #failures = 0;
  #openedAt = 0;
  #begunAt = 0;
  #rotateAt = 0;
  #registrationEnd = 0;
  #triggeredAt = -SECOND;
  /** A trigger came less than a second after the one before, and has its effect later. */
  #isTriggered = false;
  /** The last connection was replaced because its registration was lost. */
  #wasUnregistered = false;

  constructor(settings: Settings, owner: ConnectorOwner) {
    this.#settings = settings;
    this.#clock = settings.clock;
    this.received = owner.received;
    this.isBusy = owner.isBusy;
    this.#owner = owner;
    this.#stopListening = settings.reconnectTriggers(() => this.#trigger());
  }

  /** Makes the first attempt. */
  start(): void {
    this.#attempt();
    this.#checkSleep(SLEEP_CHECK);
    this.#change("connecting", "Connecting.");
  }

  /** Ends every connection and every attempt, for good. */
  close(reason: string, cause?: unknown): void {
    if (this.state !== "closed") {
      // Before `changed`: nothing that a listener does may connect again.
      this.#stopListening();
      for (const timer of [this.#retry, this.#rotation, this.#sleepCheck]) {
        this.#clear(timer);
      }
      for (const connection of this.#connections) {
        connection.end();
      }
      this.current = this.#next = this.#retry = undefined;
      this.#change("closed", reason, cause);
    }
  }

  registered(connection: Connection, expiresIn: number | undefined): void {
    const previous = this.current;
    if (connection === this.#next) {
      const { random, rotateAfter } = this.#settings;
      const share = 1 - ROTATION_JITTER * random();
      this.#next = undefined;
      this.current = connection;
      this.#openedAt = this.#clock.now();
      this.#rotateAt = Number.NaN;
      this.#rotateIn(rotateAfter * share);
      this.#renewBefore(expiresIn, share, previous !== undefined);
      previous?.drain();
      this.#owner.moved(connection);
      this.#change("open", previous ? "The next connection has taken over." : "Connected.");
    } else if (connection === previous) {
      this.#renewBefore(expiresIn);
    }
  }

  unregistered(connection: Connection): void {
    if (connection === this.current) {
      connection.drain();
      this.#replace(connection, "The relay has lost the registration.", undefined, true);
    } else if (this.current) {
      // What was sent on an old connection goes out on the current one.
      this.#owner.moved(this.current);
    }
  }

  ended(connection: Connection, reason: string | undefined, cause: unknown): void {
    this.#connections.delete(connection);
    if (reason !== undefined) {
      this.#owner.lost(connection);
      this.#replace(connection, reason, cause);
    }
  }

  /** Makes another connection in the place of one that is lost or has failed. */
  #replace(connection: Connection, reason: string, cause?: unknown, isUnregistered = false): void {
    let lasted = false;
    let atOnce = false;
    if (connection === this.current) {
      this.current = undefined;
      this.#clear(this.#rotation);
      // One that ends as soon as it is open is a failure, too: without a growing delay it would be a storm.
      lasted = this.#clock.now() - this.#openedAt > this.#settings.maxDelay;
      // The network is there, so there is no reason to wait, unless it happens again and again.
      atOnce = isUnregistered && (lasted || !this.#wasUnregistered);
      this.#wasUnregistered = isUnregistered;
    } else if (connection === this.#next) {
      this.#next = undefined;
    } else {
      return;
    }
    // A rotation that is under way goes on, with its failures so far.
    if (!this.#next && (atOnce || this.#retry === undefined)) {
      this.#failures = lasted ? 0 : this.#failures + 1;
      this.#tryAgain(reason, cause, atOnce);
    }
    if (!this.current && this.state !== "closed") {
      this.#change(this.state === "connecting" ? "connecting" : "reconnecting", reason, cause);
    }
  }

  #tryAgain(reason: string, cause: unknown, atOnce: boolean): void {
    const failures = this.#failures;
    if (this.state === "connecting" && failures >= this.#settings.maxAttempts) {
      this.close(`Gave up after attempt ${failures}: ${reason}`, cause);
    } else if (atOnce) {
      this.#attempt();
    } else {
      this.#retry = this.#clock.setTimeout(
        () => this.#attempt(),
        reconnectDelay(Math.max(failures - 1, 0), this.#settings),
      );
    }
  }

  /** Makes the next connection after a time, unless that is planned for an earlier time or under way. */
  #rotateIn(milliseconds: number): void {
    const at = this.#clock.now() + milliseconds;
    // Not planned yet: NaN.
    if (!(at >= this.#rotateAt)) {
      this.#rotateAt = at;
      this.#clear(this.#rotation);
      this.#rotation = this.#clock.setTimeout(() => {
        this.#failures = 0;
        this.#attempt();
      }, milliseconds);
    }
  }

  /** Makes the next connection with a fresh token before the registration ends, by the relay's clock. */
  #renewBefore(expiresIn = -1, share = 1, isRotation = false): void {
    // Without a function the next connection would have the same token.
    if (typeof this.#settings.token === "function" && expiresIn >= 0) {
      const left = expiresIn * SECOND;
      const end = this.#clock.now() + left;
      // A function may return the same token until that ends. It returns the next one only afterwards.
      const isSame = isRotation && left < 2 * RENEWAL_LEAD && end < this.#registrationEnd + SECOND;
      this.#registrationEnd = end;
      this.#rotateIn(
        isSame ? left + SECOND : Math.max(left - RENEWAL_LEAD, left / 2, SECOND) * share,
      );
    }
  }

  #attempt(): void {
    this.#clear(this.#retry);
    this.#retry = undefined;
    this.#begunAt = this.#clock.now();
    this.#next = new Connection(this.#settings, this);
    this.#connections.add(this.#next);
  }

  /** Checks the connection: at once, or with the next sleep check if that was done a moment ago. */
  #trigger(): void {
    const now = this.#clock.now();
    // Triggers come in storms: one in a second has an effect.
    this.#isTriggered = now - this.#triggeredAt < SECOND;
    if (this.#isTriggered) {
      return;
    }
    this.#triggeredAt = now;
    this.current?.probe();
    if (!this.current && this.#next && now - this.#begunAt >= SECOND) {
      // An attempt that takes so long began on a network that may be gone.
      this.#next.end();
      this.#attempt();
    } else if (this.#retry !== undefined) {
      this.#attempt();
    }
  }

  /**
   * A timer that takes much longer than the one before was asleep with the machine. Compared with the one before,
   * because browsers let the timers of a hidden page run once a minute.
   */
  #checkSleep(usual: number): void {
    const time = () => this.#clock.timeOfDay?.() ?? this.#clock.now();
    const begun = time();
    this.#sleepCheck = this.#clock.setTimeout(() => {
      const took = time() - begun;
      this.#checkSleep(Math.min(took, MINUTE));
      if (this.#isTriggered || took > usual + SLEPT) {
        this.#trigger();
      }
    }, SLEEP_CHECK);
  }

  #change(state: State, reason: string, cause?: unknown): void {
    this.state = state;
    this.#owner.changed({
      state,
      reason,
      connectionId: this.current?.connectionId,
      cause,
    });
  }

  #clear(timer: unknown): void {
    this.#clock.clearTimeout(timer);
  }
}

/**
 * Milliseconds before the next attempt: anything from 0 to a limit that doubles with each failure. Drawn anew each time,
 * so that clients that lost their connections together do not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
function reconnectDelay(failures: number, { baseDelay, maxDelay, random }: Settings): number {
  return random() * Math.min(maxDelay, baseDelay * 2 ** failures);
}
