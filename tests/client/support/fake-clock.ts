import type { Clock } from "../../../client/index.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Lets every promise that can go on do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #slept = 0;
  readonly #settle: () => Promise<void>;
  readonly #timers = new Set<Timer>();

  /** `settled` resolves once everything has been done that can go on without time. */
  constructor(settled = settle) {
    this.#settle = settled;
  }

  now(): number {
    return this.#now;
  }

  timeOfDay(): number {
    return this.#now + this.#slept;
  }

  /** The machine sleeps: the time of day goes on, and neither `now` nor a timer does. */
  sleep(milliseconds: number): void {
    this.#slept += milliseconds;
  }

  setTimeout(callback: () => void, milliseconds: number): unknown {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer, or undefined without one. */
  get next(): number | undefined {
    const [timer] = this.#inOrder();
    return timer && timer.at - this.#now;
  }

  /** Moves on, and runs each timer at its time. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await this.#settle();
    for (let [timer] = this.#inOrder(); timer && timer.at <= end; [timer] = this.#inOrder()) {
      this.#now = Math.max(this.#now, timer.at);
      this.#timers.delete(timer);
      timer.callback();
      await this.#settle();
    }
    this.#now = end;
  }

  #inOrder(): Timer[] {
    return [...this.#timers].sort((a, b) => a.at - b.at);
  }
}
