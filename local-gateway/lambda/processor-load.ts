import { cpus } from "node:os";

/** The shortest time that is looked at, in milliseconds: the operating system counts in hundredths of a second. */
const WINDOW = 100;
/** The share of the time that processors must have had nothing to do, to have something left to give. */
const SPARE = 0.1;

/** What the processors have done since the machine started, all together and in milliseconds, at a time. */
interface Look {
  readonly time: number;
  readonly idle: number;
  readonly total: number;
}

/** What the machine's processors have left. */
export class ProcessorLoad {
  readonly #look: () => Look;
  #last: Look;
  #saturated = false;

  /** @param look looks at the processors: at the machine's own when absent */
  constructor(look: () => Look = lookAtMachine) {
    this.#look = look;
    this.#last = look();
  }

  /** True while they are busy nearly all of the time, with whatever it is. */
  get saturated(): boolean {
    const now = this.#look();
    const elapsed = now.time - this.#last.time;
    if (elapsed >= WINDOW && now.total > this.#last.total) {
      const idle = (now.idle - this.#last.idle) / (now.total - this.#last.total);
      this.#saturated = idle < SPARE;
      this.#last = now;
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
  return { time: performance.now(), idle, total };
}
