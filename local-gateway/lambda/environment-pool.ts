import { randomUUID } from "node:crypto";
import { admitEvent } from "./admit-event.ts";
import type { EnvironmentDefinition } from "./environment-definition.ts";
import { ExecutionEnvironment } from "./execution-environment.ts";
import { IdleEnvironments } from "./idle-environments.ts";
import type { Invocation } from "./invocation.ts";
import type { InvocationFailure, InvocationResult } from "./invocation-result.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { PoolOptions } from "./pool-options.ts";
import type { Replacement } from "./replacement.ts";
import { WaitingEvents } from "./waiting-events.ts";

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
