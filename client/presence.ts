import type { PresenceFrame } from "../protocol/frames.ts";
import type { ChannelEvents, Emitter } from "./events.ts";
import type { Member } from "./messages.ts";
import type { Settings } from "./options.ts";

/** The latest that is known of a connection. */
interface Known {
  readonly user: string | undefined;
  readonly since: number;
  /** When its membership ends, by our clock; 0 when it has left. */
  readonly endsAt: number;
}

const SECOND = 1000;
/** How long after the last connection of a user it counts as gone: a reconnect shows nothing. In milliseconds. */
const LINGER = 10_000;
/** How often to ask who is here, in milliseconds: presence frames may be lost. */
const REFRESH = 300_000;
/**
 * The same after a question in vain, and where the answer misses somebody: the relay's index may be behind. Shorter than
 * `LINGER`, so that somebody who is missed for a moment does not seem to leave.
 */
const SOON = 8000;

/**
 * Who is in a channel: users, while the relay speaks of connections, in frames that may be lost, come twice or out of
 * order.
 */
export class Presence {
  readonly #settings: Settings;
  readonly #emitter: Emitter<ChannelEvents>;
  readonly #known = new Map<string, Known>();
  /** Who is here as far as the application knows; with a timer, who is about to leave. */
  readonly #shown = new Map<string, unknown>();
  /** The latest question; undefined from `stop` on. */
  #members: unknown;
  #timer: unknown;
  /** The timer for the next membership that ends. */
  #expiry: unknown;

  constructor(settings: Settings, emitter: Emitter<ChannelEvents>) {
    this.#settings = settings;
    this.#emitter = emitter;
  }

  /** A connection has joined, or left: that ends only the membership with the same `since`. */
  receive({ event, ...member }: PresenceFrame): void {
    this.#note(member, event === "left");
    this.#update();
  }

  /** Asks who is here, at once and then from time to time, so that no lost frame leaves something wrong. */
  async refresh(members: () => AsyncIterable<Member>): Promise<void> {
    const { clock, random } = this.#settings;
    const before = [...this.#known];
    let period = SOON;
    this.#members = members;
    clock.clearTimeout(this.#timer);
    try {
      for await (const member of members()) {
        this.#note(member, false);
      }
      period = REFRESH;
      for (const [id, known] of before) {
        // It is not in the answer, and no frame has come meanwhile, which would be newer.
        if (this.#known.get(id) === known) {
          this.#known.delete(id);
          period = SOON;
        }
      }
    } catch {}
    // Otherwise another connection has been asked meanwhile.
    if (members === this.#members) {
      this.#timer = clock.setTimeout(() => this.refresh(members), period * (1 - random() / 2));
      this.#update();
    }
  }

  /** Ends every timer. */
  stop(): void {
    this.#members = undefined;
    for (const timer of [this.#timer, this.#expiry, ...this.#shown.values()]) {
      this.#settings.clock.clearTimeout(timer);
    }
  }

  #note({ connectionId, user, since, expiresIn }: Member, hasLeft: boolean): void {
    const known = this.#known.get(connectionId);
    if (!known || since > known.since || (since === known.since && known.endsAt > 0)) {
      const endsAt = hasLeft ? 0 : this.#settings.clock.now() + expiresIn * SECOND;
      this.#known.set(connectionId, { user, since, endsAt });
    }
  }

  #update(): void {
    const { clock } = this.#settings;
    const now = clock.now();
    const present = new Set<string>();
    let next = now + REFRESH;
    for (const { user, endsAt } of this.#known.values()) {
      if (user && endsAt > now) {
        present.add(user);
        next = Math.min(next, endsAt);
      }
    }
    clock.clearTimeout(this.#expiry);
    this.#expiry = clock.setTimeout(() => this.#update(), next - now);
    for (const [user, timer] of this.#shown) {
      if (!timer && !present.has(user)) {
        const leave = () => {
          this.#shown.delete(user);
          this.#emitter.emit("presence", { event: "left", user });
        };
        this.#shown.set(user, clock.setTimeout(leave, LINGER));
      }
    }
    for (const user of present) {
      if (!this.#members) {
        // A listener has left the channel.
        return;
      }
      clock.clearTimeout(this.#shown.get(user));
      if (!this.#shown.has(user)) {
        this.#emitter.emit("presence", { event: "joined", user });
      }
      this.#shown.set(user, undefined);
    }
  }
}
