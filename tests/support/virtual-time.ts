import { setImmediate } from "node:timers/promises";

/** How many turns of the event loop everything in memory gets before time goes on. */
const TURNS = 10;

/** A clock that stands still while anything in memory has something to do, and then jumps to the next end of a wait. */
export class VirtualTime {
  readonly #waits: { readonly end: number; readonly resolve: () => void }[] = [];
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  readonly clock = (): number => this.#now;

  readonly wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      this.#waits.push({ end: this.#now + Math.max(0, milliseconds), resolve });
    });

  /** Lets time pass while `work` goes on, and gives what it resolves with. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isRunning = true;
    const onEnd = () => {
      isRunning = false;
    };
    work.then(onEnd, onEnd);
    for (;;) {
      for (let turn = 0; turn < TURNS && isRunning; turn += 1) {
        await setImmediate();
      }
      if (!isRunning) {
        return await work;
      }
      this.#jump();
    }
  }

  /** Lets so many milliseconds pass, whatever goes on. */
  async pass(milliseconds: number): Promise<void> {
    await this.run(this.wait(milliseconds));
  }

  #jump(): void {
    const [next] = this.#waits.sort((one, other) => one.end - other.end).splice(0, 1);
    if (next !== undefined) {
      this.#now = Math.max(this.#now, next.end);
      next.resolve();
    }
  }
}
