import { randomUUID } from "node:crypto";
import { availableParallelism, cpus } from "node:os";
import type { Invocation, InvocationResult } from "./invocation.ts";

const PROCESSORS = availableParallelism();

/** How many environments start at the same time: a start keeps a processor busy. */
const MAX_STARTING = Math.max(2, PROCESSORS);

/**
 * A further environment starts when events wait and none became free for this long, in milliseconds. A start takes about
 * as long, and who waits less is not helped by it.
 */
const PATIENCE = 100;

/**
 * One also starts when an event has waited this long although environments do become free, and since the last one was
 * added, in milliseconds: soon as long as there are fewer than processors, which each could keep busy.
 */
const MAX_WAIT_FOR_A_PROCESSOR = 50;
const MAX_WAIT = 500;

/**
 * Both while the processors are saturated, in milliseconds. As long as environments become free, one more would only take
 * from them what they need, they would become free even later, and that would bring about the next start.
 */
const PATIENCE_WHEN_SATURATED = 500;
const MAX_WAIT_WHEN_SATURATED = 5000;

/** An event that waits for an environment. */
interface WaitingEvent extends Required<Invocation> {
  /** As JSON text. */
  readonly event: string;
  readonly settle: (result: InvocationResult) => void;
}

/** The events that wait for an environment, the oldest first. */
export class WaitingEvents {
  /** How often to look whether they need a further environment, in milliseconds. */
  static readonly INTERVAL = 20;
  readonly #processors: Pick<ProcessorLoad, "saturated">;
  readonly #now: () => number;
  #lastReady = 0;
  #lastFree = 0;
  readonly #events: (WaitingEvent & { readonly since: number })[] = [];

  /** @param now the time, in milliseconds since any moment */
  constructor(
    processors: Pick<ProcessorLoad, "saturated"> = new ProcessorLoad(),
    now = () => performance.now(),
  ) {
    this.#processors = processors;
    this.#now = now;
  }

  get first(): WaitingEvent | undefined {
    return this.#events[0];
  }

  /** Resolves with what the event is settled with. */
  async add(
    event: string,
    { requestId = randomUUID(), context = {} }: Invocation = {},
  ): Promise<InvocationResult> {
    const { promise, resolve: settle } = Promise.withResolvers<InvocationResult>();
    this.#events.push({ requestId, context, event, since: this.#now(), settle });
    return await promise;
  }

  /** To be told when a further environment is there: it gets its time before they wait for one more. */
  reinforced(): void {
    this.#lastReady = this.#now();
  }

  /** To be told when an environment becomes free. */
  freed(): void {
    this.#lastFree = this.#now();
  }

  /** Takes the first. */
  take(): WaitingEvent | undefined {
    return this.#events.shift();
  }

  settleAll(result: InvocationResult): void {
    for (const { settle } of this.#events.splice(0)) {
      settle(result);
    }
  }

  /** True when they need one more than `environments`, of which `starting` are only about to be there. */
  needMore(environments: number, starting: number): boolean {
    const [first] = this.#events;
    if (first === undefined || starting >= Math.min(MAX_STARTING, this.#events.length)) {
      return false;
    }
    const now = this.#now();
    const waited = now - Math.max(first.since, this.#lastReady);
    const noneFree = now - Math.max(this.#lastFree, first.since);
    if (this.#processors.saturated) {
      return noneFree >= PATIENCE_WHEN_SATURATED || waited >= MAX_WAIT_WHEN_SATURATED;
    }
    const maxWait = environments < PROCESSORS ? MAX_WAIT_FOR_A_PROCESSOR : MAX_WAIT;
    return noneFree >= PATIENCE || waited >= maxWait;
  }
}

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
