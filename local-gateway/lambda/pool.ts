import { randomUUID } from "node:crypto";
import { ExecutionEnvironment, type LoadResult } from "./environment.ts";
import type { EnvironmentDefinition } from "./environment-definition.ts";
import {
  eventJson,
  type Invocation,
  type InvocationFailure,
  type InvocationResult,
  type LambdaFunction,
} from "./invocation.ts";
import { WaitingEvents } from "./scaling.ts";

/** The most environments of one function: Lambda has up to 1000, here each is a process. */
const MAX_ENVIRONMENTS = 100;

/** How a pool differs from the usual one. */
export interface PoolOptions {
  /** An environment that is not the only one ends after so many milliseconds without an event; 60 000 when absent. */
  readonly idleTime?: number | undefined;
  /**
   * The most environments; further events at a time get Lambda's rejection. Without it there are up to 100, and events
   * wait.
   */
  readonly maxEnvironments?: number | undefined;
  /**
   * The reserved concurrency that the template gives the function: further events get Lambda's rejection. With 0 no
   * event runs. It counts next to `maxEnvironments`, and the smaller of the two decides.
   */
  readonly reservedConcurrency?: number | undefined;
  /** One environment only, for a debugger; events wait for it. */
  readonly single?: boolean | undefined;
}

/** Whether a change of code is live; `drained` resolves once nothing runs the code from before. */
type Replacement =
  | { readonly ok: true; readonly drained: Promise<unknown> }
  | { readonly ok: false; readonly failure: InvocationFailure };

/**
 * A function in as many execution environments as its events need. Events wait in one queue, and any environment
 * that is free takes the next: many short events share a few environments, long ones get one each.
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
  #replacing = false; // While a single environment is replaced.

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
    const accepted = acceptEvent(() => invocation?.json ?? eventJson(event), {
      closed: this.#closed,
      invocations: this.#invocations,
      maxInvocations: Math.min(maxEnvironments, reservedConcurrency),
    });
    if (!accepted.ok) {
      return accepted.result;
    }
    this.#invocations += 1;
    const result = this.#waiting.add(accepted.json, invocation);
    this.#dispatch();
    try {
      return await result;
    } finally {
      this.#invocations -= 1;
    }
  }

  /** Starts an environment that waits for an event. */
  async prepare(): Promise<LoadResult> {
    const { environment, loaded } = await this.#load(this.#definition);
    if (!loaded.ok && this.#usable.length === 0 && this.#isCurrent(environment)) {
      // On Lambda too each of these events would try, and fail, to load the same code.
      this.#waiting.settleAll(loaded.failure);
    }
    this.#offer(environment);
    return loaded;
  }

  /**
   * Changes the code: waiting events run in the new one, running events end in the old one. The new code is loaded first;
   * when it does not load, the old one stays. A single environment has to end before its successor loads, and is started
   * again when that fails. Not to be called while a replacement is under way.
   */
  async replace(definition: EnvironmentDefinition): Promise<Replacement> {
    const previous = this.#definition;
    if (this.#options.single) {
      this.#replacing = true;
      this.#definition = definition;
      await this.#drain();
    }
    const { environment, loaded } = await this.#load(definition);
    this.#replacing = false;
    if (loaded.ok) {
      this.#definition = definition;
      const drained = this.#drain();
      this.#offer(environment);
      return { ok: true, drained };
    }
    if (this.#options.single && !this.#closed) {
      this.#definition = previous;
      await this.prepare();
    }
    return loaded;
  }

  /** Ends every environment; running and waiting events do not return. Calling it twice is safe. */
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
      await environment.idle();
      this.#offer(environment);
    }
  }

  /** Starts a further environment when the queue needs one, and checks again while events wait. */
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
    const mayStart = !this.#replacing && size < (single ? 1 : maxEnvironments);
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
    const loaded = await environment.load(this.#waiting.first?.requestId ?? randomUUID());
    this.#starting -= 1;
    this.#waiting.environmentAdded();
    return { environment, loaded };
  }

  #offer(environment: ExecutionEnvironment): void {
    if (!this.#isCurrent(environment)) {
      void environment.stop();
    } else if (environment.usable) {
      this.#waiting.environmentFreed();
      this.#idle.add(environment);
    }
    this.#dispatch();
  }

  /** Ends the environments with the code from before: idle ones now, busy ones when they become free. */
  async #drain(): Promise<void> {
    const outdated = [...this.#environments].filter((environment) => !this.#isCurrent(environment));
    for (const environment of outdated) {
      if (this.#idle.delete(environment)) {
        void environment.stop();
      }
    }
    await Promise.all(outdated.map(({ ended }) => ended));
  }

  #expire(environment: ExecutionEnvironment): void {
    if (this.#usable.length > 1) {
      this.#idle.delete(environment);
      void environment.stop();
    }
  }
}

/**
 * The largest event that Lambda accepts from an invoker that waits for the result, in bytes: 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_EVENT_BYTES = 6_291_456;

/** An event as JSON text, or the result with which Lambda rejects it. */
type EventAcceptance =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly result: InvocationResult };

/** The state of the pool when an event arrives. */
interface PoolState {
  readonly closed: boolean;
  /** The invocations that have not ended, waiting ones included. */
  readonly invocations: number;
  /** The reserved concurrency; Infinity when events wait. */
  readonly maxInvocations: number;
}

/**
 * Takes an event, which `toJson` gives as JSON text, or rejects it. Beyond the reserved concurrency Lambda rejects at once.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
function acceptEvent(
  toJson: () => string | undefined,
  { closed, invocations, maxInvocations }: PoolState,
): EventAcceptance {
  if (closed) {
    return rejected("ServiceException", "The function has been stopped");
  }
  if (invocations >= maxInvocations) {
    return rejected("TooManyRequestsException", "Rate Exceeded.");
  }
  const json = toJson();
  if (json === undefined) {
    return rejected("InvalidRequestContentException", "The event has no JSON");
  }
  if (Buffer.byteLength(json) > MAX_EVENT_BYTES) {
    const errorMessage = `The event has more than ${MAX_EVENT_BYTES} bytes`;
    return rejected("RequestTooLargeException", errorMessage);
  }
  return { ok: true, json };
}

function rejected(errorType: string, errorMessage: string): EventAcceptance {
  return { ok: false, result: { outcome: "rejected", errorType, errorMessage } };
}

/** In milliseconds. */
const IDLE_TIME = 60_000;

/** The environments that wait for an event. The one used last is taken first, so that surplus ones stay idle and end. */
class IdleEnvironments {
  readonly #timers = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  readonly #idleTime: number;
  readonly #onExpired: (environment: ExecutionEnvironment) => void;

  /** Calls `onExpired` with an environment that has been idle for `idleTime` milliseconds; it stays idle. */
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
