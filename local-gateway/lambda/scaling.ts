import { randomUUID } from "node:crypto";
import { availableParallelism, cpus } from "node:os";
import type { Invocation, InvocationResult } from "./invocation.ts";

const PROCESSORS = availableParallelism();

/** How many environments start at the same time: a start keeps a processor busy. */
const MAX_STARTING = Math.max(2, PROCESSORS);

/**
 * A further environment starts when events wait and none became free for this long, in milliseconds. A start takes about
 * as long, so that it does not help an event that waits less.
 */
const NONE_FREE_TIMEOUT = 100;

/**
 * One also starts when an event has waited this long although environments do become free, and since the last one was
 * added, in milliseconds. It is short as long as there are fewer environments than processors to run them.
 */
const MAX_WAIT_FOR_A_PROCESSOR = 50;
const MAX_WAIT = 500;

/**
 * Both while the processors are saturated, in milliseconds. As long as environments become free, one more would only slow
 * them down; they would become free even later, and that would trigger the next start.
 */
const NONE_FREE_TIMEOUT_WHEN_SATURATED = 500;
const MAX_WAIT_WHEN_SATURATED = 5000;

/** An event that waits for an environment. */
interface WaitingEvent extends Required<Omit<Invocation, "json">> {
  /** As JSON text. */
  readonly event: string;
  readonly settle: (result: InvocationResult) => void;
}

/** The events that wait for an environment, the oldest first. */
export class WaitingEvents {
  /** How often to check whether they need a further environment, in milliseconds. */
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

  /** Resolves with the result that the event is settled with. */
  async add(
    event: string,
    { requestId = randomUUID(), context = {} }: Invocation = {},
  ): Promise<InvocationResult> {
    const { promise, resolve: settle } = Promise.withResolvers<InvocationResult>();
    this.#events.push({ requestId, context, event, since: this.#now(), settle });
    return await promise;
  }

  /** To be called when a further environment is there: it gets time to run events before one more starts. */
  environmentAdded(): void {
    this.#lastReady = this.#now();
  }

  /** To be called when an environment becomes free. */
  environmentFreed(): void {
    this.#lastFree = this.#now();
  }

  /** Removes and returns the first. */
  take(): WaitingEvent | undefined {
    return this.#events.shift();
  }

  settleAll(result: InvocationResult): void {
    for (const { settle } of this.#events.splice(0)) {
      settle(result);
    }
  }

  /** True when they need one more than `environments`, of which `starting` have not loaded yet. */
  needMore(environments: number, starting: number): boolean {
    const [first] = this.#events;
    if (first === undefined || starting >= Math.min(MAX_STARTING, this.#events.length)) {
      return false;
    }
    const now = this.#now();
    const waited = now - Math.max(first.since, this.#lastReady);
    const noneFree = now - Math.max(this.#lastFree, first.since);
    if (this.#processors.saturated) {
      return noneFree >= NONE_FREE_TIMEOUT_WHEN_SATURATED || waited >= MAX_WAIT_WHEN_SATURATED;
    }
    const maxWait = environments < PROCESSORS ? MAX_WAIT_FOR_A_PROCESSOR : MAX_WAIT;
    return noneFree >= NONE_FREE_TIMEOUT || waited >= maxWait;
  }
}

/** The shortest time to measure, in milliseconds: the operating system counts in hundredths of a second. */
const WINDOW = 100;
/** After so many milliseconds a measurement is out of date. */
const OUTDATED = 1000;
/** The share of the time that processors must have been idle to count as not saturated. */
const SPARE = 0.25;

/** The time of all processors since the machine started, in milliseconds. */
interface ProcessorTimes {
  readonly idle: number;
  readonly total: number;
}

/** Whether the machine's processors can run more. */
export class ProcessorLoad {
  readonly #measure: () => ProcessorTimes;
  readonly #now: () => number;
  #last: ProcessorTimes & { readonly time: number };
  #saturated = true;

  /**
   * @param measure reads the processors' times: the machine's own when absent
   * @param now the time, in milliseconds since any moment
   */
  constructor(measure: () => ProcessorTimes = measureMachine, now = () => performance.now()) {
    this.#measure = measure;
    this.#now = now;
    this.#last = { time: now(), ...measure() };
  }

  /**
   * True while they are busy most of the time, for any reason. The effect of a sudden burst of events is unknown at first,
   * so they also count as saturated when it comes, as long as there is no recent measurement.
   */
  get saturated(): boolean {
    const time = this.#now();
    const age = time - this.#last.time;
    // A measurement takes a fifth of a millisecond, and every waiting event asks for one.
    if (age >= WINDOW) {
      const { idle, total } = this.#measure();
      const spare = idle - this.#last.idle >= SPARE * (total - this.#last.total);
      this.#saturated = age >= OUTDATED || !spare;
      this.#last = { time, idle, total };
    }
    return this.#saturated;
  }
}

function measureMachine(): ProcessorTimes {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, total };
}
