import { setTimeout } from "node:timers/promises";
import { PendingWork, within } from "../deadline.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import {
  DEFAULT_EVENT_INVOKE_CONFIG,
  type EventInvokeConfig,
} from "../template/event-invoke-config.ts";

/** Waits so many milliseconds; rejects when `signal` is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** One attempt to run an event. */
type Attempt = () => Promise<InvocationResult>;

/** Takes how an attempt ended, and in how many milliseconds the next one follows, if one does. */
type OnAttempt = (result: InvocationResult, next: number | undefined) => void;

/** How long a stop waits for the attempts under way, in milliseconds. */
const STOP_WAIT = 3_000;

const waitFor: Wait = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, { ref: false, signal });

/**
 * Runs asynchronous invocations, and retries them when they fail.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsynchronousInvocations {
  readonly #stopped = new AbortController();
  readonly #work: PendingWork;
  readonly #wait: Wait;

  constructor(onError: (error: unknown) => void, wait: Wait = waitFor) {
    this.#work = new PendingWork(onError);
    this.#wait = wait;
  }

  /** Begins at once, and returns at once. `config` says how often and how long it is tried. */
  add(attempt: Attempt, onAttempt: OnAttempt, config = DEFAULT_EVENT_INVOKE_CONFIG): void {
    this.#work.add(this.#run(attempt, onAttempt, new RetryPlan(config)));
  }

  /** Ends the retries, and waits a bounded time for what is under way. Twice is no error. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await within(STOP_WAIT, this.#work.settled());
  }

  async #run(attempt: Attempt, onAttempt: OnAttempt, plan: RetryPlan): Promise<void> {
    const { signal } = this.#stopped;
    let next: number | undefined;
    do {
      const begin = performance.now();
      const result = await attempt();
      next = signal.aborted ? undefined : plan.next(result, performance.now() - begin);
      onAttempt(result, next);
      if (next !== undefined) {
        // Only a stop ends a wait early.
        await this.#wait(next, signal).catch(() => {});
      }
    } while (next !== undefined && !signal.aborted);
  }
}

const MINUTE = 60_000;

/** How long Lambda waits after the first failure of a function, and longer after each further one, in milliseconds. */
const WAIT_AFTER_FAILURE = MINUTE;

/** The first and the longest wait of an event for which there was no capacity, in milliseconds; each is twice the last. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 5 * MINUTE;

/**
 * Decides when an asynchronous invocation is retried. Its age is the sum of the attempts and the waits between them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
class RetryPlan {
  readonly #config: EventInvokeConfig;
  #failures = 0;
  #rejections = 0;
  #age = 0;

  constructor(config: EventInvokeConfig) {
    this.#config = config;
  }

  /** Milliseconds until the next attempt; undefined when there is none. Takes how the last one ended, and when. */
  next({ outcome }: InvocationResult, duration: number): number | undefined {
    const wait = this.#waitAfter(outcome);
    this.#age += duration + (wait ?? 0);
    return this.#age >= this.#config.maximumEventAge * 1000 ? undefined : wait;
  }

  #waitAfter(outcome: InvocationResult["outcome"]): number | undefined {
    switch (outcome) {
      case "returned":
        return undefined;
      case "failed":
        this.#failures += 1;
        return this.#failures <= this.#config.maximumRetryAttempts
          ? this.#failures * WAIT_AFTER_FAILURE
          : undefined;
      case "rejected":
        this.#rejections += 1;
        return Math.min(FIRST_WAIT * 2 ** (this.#rejections - 1), LONGEST_WAIT);
    }
  }
}
