import { setImmediate } from "node:timers/promises";

/** Waits end at whole ticks, in milliseconds: what happens at almost the same time is done together. */
const TICK = 0.1;

/** A clock that goes on to the next end of a wait whenever everything else has been done. */
export class VirtualTime {
  readonly #ends = new Map<number, (() => void)[]>();
  #tick = 0;

  /** The time since the beginning, in milliseconds. */
  get now(): number {
    return this.#tick * TICK;
  }

  /** Resolves at a time since the beginning, in milliseconds. */
  at(time: number): Promise<void> {
    const tick = Math.max(this.#tick + 1, Math.round(time / TICK));
    return new Promise((resolve) => {
      const ends = this.#ends.get(tick) ?? [];
      ends.push(resolve);
      this.#ends.set(tick, ends);
    });
  }

  /** Resolves after so many milliseconds. */
  after(milliseconds: number): Promise<void> {
    return this.at(this.now + milliseconds);
  }

  /** Lets time pass while `isBusy` says so. Rejects when everything waits for something else than the time. */
  async runWhile(isBusy: () => boolean): Promise<void> {
    for (;;) {
      // By then, whatever does not wait for the time has been done.
      await setImmediate();
      if (!isBusy()) {
        return;
      }
      if (this.#ends.size === 0) {
        throw new Error("The simulation waits for something that never happens.");
      }
      while (!this.#ends.has(this.#tick)) {
        this.#tick += 1;
      }
      const ends = this.#ends.get(this.#tick) ?? [];
      this.#ends.delete(this.#tick);
      for (const end of ends) {
        end();
      }
    }
  }
}

/** A bucket that gets so many tokens a second, and holds at most so many. */
export class TokenBucket {
  readonly #time: VirtualTime;
  readonly #perSecond: number;
  readonly #most: number;
  #tokens: number;
  #filledAt = 0;

  constructor(time: VirtualTime, perSecond: number, most: number) {
    this.#time = time;
    this.#perSecond = perSecond;
    this.#most = most;
    this.#tokens = most;
  }

  /** Takes a token; false if there is none. */
  take(): boolean {
    const gained = ((this.#time.now - this.#filledAt) * this.#perSecond) / 1000;
    this.#filledAt = this.#time.now;
    this.#tokens = Math.min(this.#most, this.#tokens + gained);
    const isThere = this.#tokens >= 1;
    this.#tokens -= isThere ? 1 : 0;
    return isThere;
  }
}
