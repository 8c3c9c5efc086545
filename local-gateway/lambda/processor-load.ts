import { cpus } from "node:os";

/** The shortest time that is looked at, in milliseconds: the operating system counts in hundredths of a second. */
const WINDOW = 100;
/** After so many milliseconds a look says nothing any more about what has begun since. */
const OUTDATED = 1000;
/** The share of the time that processors must have had nothing to do, to have something left to give. */
const SPARE = 0.25;

/** What the processors have done since the machine started, all together and in milliseconds. */
interface Look {
  readonly idle: number;
  readonly total: number;
}

/** What the machine's processors have left. */
export class ProcessorLoad {
  readonly #look: () => Look;
  readonly #now: () => number;
  #last: Look & { readonly time: number };
  #saturated = true;

  /**
   * @param look looks at the processors: at the machine's own when absent
   * @param now the time, in milliseconds since any moment
   */
  constructor(look: () => Look = lookAtMachine, now = () => performance.now()) {
    this.#look = look;
    this.#now = now;
    this.#last = { time: now(), ...look() };
  }

  /**
   * True while they are busy most of the time, with whatever it is. Nobody knows what a sudden crowd of events does to
   * them, so they also count as saturated when it comes, until there was time to see it.
   */
  get saturated(): boolean {
    const time = this.#now();
    const age = time - this.#last.time;
    // A look takes a fifth of a millisecond, and every event that waits asks.
    if (age >= WINDOW) {
      const { idle, total } = this.#look();
      const spare = idle - this.#last.idle >= SPARE * (total - this.#last.total);
      this.#saturated = age >= OUTDATED || !spare;
      this.#last = { time, idle, total };
    }
    return this.#saturated;
  }
}

function lookAtMachine(): Look {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, total };
}
