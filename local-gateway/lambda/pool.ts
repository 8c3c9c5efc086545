import { randomUUID } from "node:crypto";
import { ExecutionEnvironment } from "./environment.ts";
import type {
  Invocation,
  InvocationFailure,
  InvocationResult,
  LambdaFunction,
} from "./invocation.ts";
import type { EnvironmentDefinition } from "./runtime-process.ts";
import { WaitingEvents } from "./scaling.ts";

/** The most environments of one function: Lambda has up to 1000, here each is a process. */
const MAX_ENVIRONMENTS = 100;

/**
 * A function in as many execution environments as its events need. Events wait in one queue, and whichever environment
 * is free takes the next: many short events share a few environments, long ones get one each.
 */
export class EnvironmentPool implements LambdaFunction {
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #waiting = new WaitingEvents();
  readonly #idle: IdleEnvironments;
  readonly #options: PoolOptions;
  #definition: EnvironmentDefinition;
  #invocations = 0;
  #starting = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #held = false; // While a single environment is replaced.

  constructor(definition: EnvironmentDefinition, options: PoolOptions = {}) {
    this.#definition = definition;
    this.#options = options;
    this.#idle = new IdleEnvironments(options.idleTime, (environment) => this.#expire(environment));
  }

  /** Those that exist now, idle or not. */
  get environments(): ReadonlySet<ExecutionEnvironment> {
    return this.#environments;
  }

  async invoke(event: unknown, invocation?: Invocation): Promise<InvocationResult> {
    const { maxEnvironments = Infinity, reservedConcurrency = Infinity } = this.#options;
    const admission = admitEvent(event, {
      closed: this.#closed,
      invocations: this.#invocations,
      maxInvocations: Math.min(maxEnvironments, reservedConcurrency),
    });
    if (!admission.admitted) {
      return admission.result;
    }
    this.#invocations += 1;
    const result = this.#waiting.add(admission.json, invocation);
    this.#dispatch();
    try {
      return await result;
    } finally {
      this.#invocations -= 1;
    }
  }

  /** Starts an environment that waits for the first event. Resolves with why it did not load. */
  async prepare(): Promise<InvocationFailure | undefined> {
    const { environment, failure } = await this.#load(this.#definition);
    if (failure !== undefined && this.#usable.length === 0 && this.#isCurrent(environment)) {
      // On Lambda too each of these events would try, and fail, to load the same code.
      this.#waiting.settleAll(failure);
    }
    this.#offer(environment);
    return failure;
  }

  /**
   * Changes what events run in: at once for those that wait, while those that run end where they are. The new code is
   * loaded first; when it does not load, everything stays. A single environment has to end before its successor loads,
   * and comes back then. Not to be called while a replacement is under way.
   */
  async replace(definition: EnvironmentDefinition): Promise<Replacement> {
    const previous = this.#definition;
    if (this.#options.single) {
      this.#held = true;
      this.#definition = definition;
      await this.#retire();
    }
    const { environment, failure } = await this.#load(definition);
    this.#held = false;
    if (failure === undefined) {
      this.#definition = definition;
      const drained = this.#retire();
      this.#offer(environment);
      return { replaced: true, drained };
    }
    if (this.#options.single && !this.#closed) {
      this.#definition = previous;
      await this.prepare();
    }
    return { replaced: false, failure };
  }

  /** Ends every environment; what runs or waits then does not return. Twice is no error. */
  async close(): Promise<void> {
    this.#closed = true;
    const errorMessage = "The function has been stopped";
    this.#waiting.settleAll({ outcome: "rejected", errorType: "ServiceException", errorMessage });
    await Promise.all(Array.from(this.#environments, (environment) => environment.stop()));
  }

  get #usable(): readonly ExecutionEnvironment[] {
    return [...this.#environments].filter(({ usable }) => usable);
  }

  #isCurrent(environment: ExecutionEnvironment): boolean {
    return environment.definition === this.#definition;
  }

  #dispatch(): void {
    while (this.#waiting.first !== undefined) {
      const environment = this.#idle.take();
      if (environment === undefined) {
        this.#watchQueue();
        return;
      }
      void this.#runNext(environment);
    }
  }

  async #runNext(environment: ExecutionEnvironment): Promise<void> {
    const waiting = this.#waiting.take();
    if (waiting !== undefined) {
      waiting.settle(await environment.invoke(waiting));
      this.#offer(environment);
    }
  }

  /** Starts a further environment when the queue needs one, and looks again while there is a queue. */
  #watchQueue(): void {
    if (this.#needsMore()) {
      void this.prepare();
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.first !== undefined) {
        this.#watchQueue();
      }
    }, WaitingEvents.INTERVAL);
  }

  #needsMore(): boolean {
    const { size } = this.#environments;
    const { single, maxEnvironments = MAX_ENVIRONMENTS } = this.#options;
    const mayStart = !this.#held && size < (single ? 1 : maxEnvironments);
    return mayStart && (size === 0 || this.#waiting.needMore(size, this.#starting));
  }

  async #load(definition: EnvironmentDefinition) {
    const environment = new ExecutionEnvironment(definition);
    this.#environments.add(environment);
    if (this.#closed) {
      void environment.stop();
    }
    void environment.ended.then(() => {
      this.#environments.delete(environment);
      this.#idle.delete(environment);
    });
    this.#starting += 1;
    const failure = await environment.load(this.#waiting.first?.requestId ?? randomUUID());
    this.#starting -= 1;
    this.#waiting.reinforced();
    return { environment, failure };
  }

  #offer(environment: ExecutionEnvironment): void {
    if (!this.#isCurrent(environment)) {
      void environment.stop();
    } else if (environment.usable) {
      this.#waiting.freed();
      this.#idle.add(environment);
    }
    this.#dispatch();
  }

  /** Ends what runs the code from before: what is idle now, what is busy when it becomes free. */
  async #retire(): Promise<void> {
    const retired = [...this.#environments].filter((environment) => !this.#isCurrent(environment));
    for (const environment of retired) {
      if (this.#idle.delete(environment)) {
        void environment.stop();
      }
    }
    await Promise.all(retired.map(({ ended }) => ended));
  }

  #expire(environment: ExecutionEnvironment): void {
    if (this.#usable.length > 1) {
      this.#idle.delete(environment);
      void environment.stop();
    }
  }
}

/** How a pool differs from the usual one. */
export interface PoolOptions {
  /** In milliseconds. */
  readonly idleTime?: number | undefined;
  /**
   * The most environments, and beyond as many events at a time Lambda's rejection. Without it there are up to 100, and
   * events wait.
   */
  readonly maxEnvironments?: number | undefined;
  /**
   * The reserved concurrency that the template gives the function: Lambda's rejection for any event beyond. With 0 no
   * event runs. It counts next to `maxEnvironments`, and the smaller of the two decides.
   */
  readonly reservedConcurrency?: number | undefined;
  /** One environment only, for a debugger; events wait for it. */
  readonly single?: boolean | undefined;
}

/** What became of a change of code; `drained` resolves once nothing runs the code from before. */
type Replacement =
  | { readonly replaced: true; readonly drained: Promise<unknown> }
  | { readonly replaced: false; readonly failure: InvocationFailure };

/**
 * The largest event that Lambda accepts from an invoker that waits for the result, in bytes: 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_EVENT_BYTES = 6_291_456;

/** An event that a function may run, or why Lambda does not accept it. */
type Admission =
  | { readonly admitted: true; readonly json: string }
  | { readonly admitted: false; readonly result: InvocationResult };

/** What the pool looks like to an event that arrives. */
interface Occupancy {
  readonly closed: boolean;
  /** The invocations that have not ended, those that still wait included. */
  readonly invocations: number;
  /** The reserved concurrency; Infinity when events wait. */
  readonly maxInvocations: number;
}

/**
 * Decides whether an event is run, and makes it JSON text. Beyond the reserved concurrency Lambda rejects at once.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
function admitEvent(event: unknown, { closed, invocations, maxInvocations }: Occupancy): Admission {
  if (closed) {
    return rejected("ServiceException", "The function has been stopped");
  }
  if (invocations >= maxInvocations) {
    return rejected("TooManyRequestsException", "Rate Exceeded.");
  }
  const json = toJson(event);
  if (json === undefined) {
    return rejected("InvalidRequestContentException", "The event has no JSON");
  }
  if (Buffer.byteLength(json) > MAX_EVENT_BYTES) {
    const errorMessage = `The event has more than ${MAX_EVENT_BYTES} bytes`;
    return rejected("RequestTooLargeException", errorMessage);
  }
  return { admitted: true, json };
}

function rejected(errorType: string, errorMessage: string): Admission {
  return { admitted: false, result: { outcome: "rejected", errorType, errorMessage } };
}

function toJson(event: unknown): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return undefined;
  }
}

/** An environment that is not the only one ends after this long without an event, in milliseconds. */
const IDLE_TIME = 60_000;

/** The environments that wait for an event. The one used last comes first, so that those too many stay idle. */
class IdleEnvironments {
  readonly #timers = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  readonly #idleTime: number;
  readonly #onExpired: (environment: ExecutionEnvironment) => void;

  /** Tells `onExpired` of an environment that has been idle for `idleTime` milliseconds; it stays idle. */
  constructor(idleTime = IDLE_TIME, onExpired: (environment: ExecutionEnvironment) => void) {
    this.#idleTime = idleTime;
    this.#onExpired = onExpired;
  }

  add(environment: ExecutionEnvironment): void {
    const timer = setTimeout(this.#onExpired, this.#idleTime, environment);
    this.#timers.set(environment, timer.unref());
  }

  /** Takes the environment that was added last; undefined when there is none that can run an event. */
  take(): ExecutionEnvironment | undefined {
    const last = [...this.#timers.keys()].findLast(({ usable }) => usable);
    if (last !== undefined) {
      this.delete(last);
    }
    return last;
  }

  /** True when the environment was idle. */
  delete(environment: ExecutionEnvironment): boolean {
    clearTimeout(this.#timers.get(environment));
    return this.#timers.delete(environment);
  }
}
