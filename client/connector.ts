import type { IdFrame } from "../protocol/frames.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { reconnectDelay, renewalDelay } from "./delays.ts";
import type { State, StateChange } from "./events.ts";
import type { Frame } from "./messages.ts";
import { MINUTE, ROTATION_JITTER, SECOND, SLEEP_CHECK, SLEPT } from "./numbers.ts";
import type { Settings, Subscription } from "./options.ts";
import type { Requests } from "./requests.ts";

/** Receives what happens on a client's connections. */
export interface ConnectorOwner {
  /** The relay knows the connection. Once it is in all channels, the owner calls `ready`. */
  registered: ConnectionOwner["registered"];
  /** The channels that the URL of another connection joins. */
  channels(): readonly Subscription[];
  received(connection: Connection, frame: Frame | undefined, text: string): void;
  changed(change: StateChange): void;
}

const LOST_REGISTRATION = "The relay has lost the registration.";

/** Keeps one connection open: connects, connects again after failures, and moves on before a connection grows too old. */
export class Connector implements ConnectionOwner {
  state: State = "connecting";
  /** The open connection, if there is one. */
  declare current: Connection | undefined;
  /** Those that have not ended: the current one, the next one, and old ones. */
  readonly connections = new Set<Connection>();
  /** Another may take its place before the start, to look at what happens before this one does. */
  declare owner: ConnectorOwner;
  declare readonly requests: Requests;
  readonly #settings: Settings;
  #stopListening: (() => void) | undefined;
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

  constructor(settings: Settings, requests: Requests, owner: ConnectorOwner) {
    this.#settings = settings;
    this.requests = requests;
    this.owner = owner;
  }

  /** Makes the first attempt. */
  start(): void {
    this.#stopListening = this.#settings.reconnectTriggers(() => this.#trigger());
    this.#attempt();
    this.#checkSleep(SLEEP_CHECK);
    this.#change("connecting", "Connecting.");
  }

  /** Ends every connection and every attempt, for good. */
  close(reason: string, cause?: unknown): void {
    if (this.state !== "closed") {
      // Before `changed`: nothing that a listener does may connect again.
      this.#stopListening?.();
      for (const timer of [this.#retry, this.#rotation, this.#sleepCheck]) {
        this.#settings.clock.clearTimeout(timer);
      }
      for (const connection of this.connections) {
        connection.end();
      }
      this.current = this.#next = this.#retry = undefined;
      this.#change("closed", reason, cause);
    }
  }

  received(connection: Connection, frame: Frame | undefined, text: string): void {
    this.owner.received(connection, frame, text);
  }

  registered(connection: Connection, answer: Partial<IdFrame>): void {
    // Without a function the next connection would have the same token.
    if (typeof this.#settings.token === "function") {
      this.renewBefore(connection, answer.expiresIn);
    }
    this.owner.registered(connection, answer);
  }

  /** Plans for another connection, with fresh tokens, to take over before one of this one's tokens ends in so many seconds. */
  renewBefore(connection: Connection, expiresIn = -1): void {
    const { endsAt } = connection;
    const at = this.#settings.clock.now() + expiresIn * SECOND;
    if (expiresIn >= 0 && (!endsAt || at < endsAt)) {
      connection.endsAt = at;
    }
    if (connection === this.current) {
      this.#rotateBefore(connection);
    }
  }

  /** The connection is in all its channels: if it is the next one, it takes over. */
  ready(connection: Connection): void {
    const previous = this.current;
    if (connection === this.#next) {
      const { random, rotateAfter } = this.#settings;
      const share = 1 - ROTATION_JITTER * random();
      this.#next = undefined;
      this.current = connection;
      this.#openedAt = this.#settings.clock.now();
      this.#rotateAt = Number.NaN;
      this.#rotateIn(rotateAfter * share);
      this.#rotateBefore(connection, share, previous !== undefined);
      previous?.drain();
      this.requests.flush(connection);
      this.#change("open", previous ? "The next connection has taken over." : "Connected.");
    }
  }

  unregistered(connection: Connection): void {
    if (connection === this.current) {
      connection.drain();
      this.#replace(connection, LOST_REGISTRATION, undefined, true);
    } else if (connection === this.#next) {
      connection.end(LOST_REGISTRATION);
    } else if (this.current) {
      // What was sent on an old connection goes out on the current one.
      this.requests.flush(this.current);
    }
  }

  ended(connection: Connection, reason: string | undefined, cause: unknown): void {
    this.connections.delete(connection);
    if (reason !== undefined) {
      this.requests.lose(connection);
      this.#replace(connection, reason, cause);
    }
  }

  /** Makes another connection in the place of one that is lost or has failed. */
  #replace(connection: Connection, reason: string, cause?: unknown, isUnregistered = false): void {
    let lasted = false;
    let atOnce = false;
    if (connection === this.current) {
      this.current = undefined;
      this.#settings.clock.clearTimeout(this.#rotation);
      // One that ends as soon as it is open is a failure, too: without a growing delay it would be a storm.
      lasted = this.#settings.clock.now() - this.#openedAt > this.#settings.maxDelay;
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
      this.#retry = this.#settings.clock.setTimeout(
        () => this.#attempt(),
        reconnectDelay(Math.max(failures - 1, 0), this.#settings),
      );
    }
  }

  /** Makes the next connection after a time, unless that is planned for an earlier time or under way. */
  #rotateIn(milliseconds: number): void {
    const at = this.#settings.clock.now() + milliseconds;
    // Not planned yet: NaN.
    if (!(at >= this.#rotateAt)) {
      this.#rotateAt = at;
      this.#settings.clock.clearTimeout(this.#rotation);
      this.#rotation = this.#settings.clock.setTimeout(() => {
        this.#failures = 0;
        this.#attempt();
      }, milliseconds);
    }
  }

  /** Makes the next connection before this one's tokens end, by the relay's clock. */
  #rotateBefore({ endsAt }: Connection, share = 1, isRotation = false): void {
    if (endsAt > 0) {
      const isSame = isRotation && endsAt < this.#registrationEnd + SECOND;
      this.#registrationEnd = endsAt;
      this.#rotateIn(renewalDelay(endsAt - this.#settings.clock.now(), isSame, share));
    }
  }

  #attempt(): void {
    this.#settings.clock.clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#begunAt = this.#settings.clock.now();
    // A channel that the token no longer opens fails the whole attempt. With a message, it is rejected alone.
    const channels = this.#failures % 2 ? [] : this.owner.channels();
    this.#next = new Connection(this.#settings, this, channels);
    this.connections.add(this.#next);
  }

  /** Checks the connection: at once, or with the next sleep check if that was done a moment ago. */
  #trigger(): void {
    const now = this.#settings.clock.now();
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
    const time = () => this.#settings.clock.timeOfDay?.() ?? this.#settings.clock.now();
    const begun = time();
    this.#sleepCheck = this.#settings.clock.setTimeout(() => {
      const took = time() - begun;
      this.#checkSleep(Math.min(took, MINUTE));
      if (this.#isTriggered || took > usual + SLEPT) {
        this.#trigger();
      }
    }, SLEEP_CHECK);
  }

  #change(state: State, reason: string, cause?: unknown): void {
    this.state = state;
    this.owner.changed({
      state,
      reason,
      connectionId: this.current?.connectionId,
      cause,
    });
  }
}
