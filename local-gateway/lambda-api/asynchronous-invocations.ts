import { setTimeout } from "node:timers/promises";
import { PendingWork } from "../api-gateway/pending-work.ts";
import { within } from "../api-gateway/within.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import { RetryPlan } from "./retry-plan.ts";

/** Waits so many milliseconds; rejects when `signal` is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** One attempt to run an event. */
type Attempt = () => Promise<InvocationResult>;

/** Told how an attempt ended, and in how many milliseconds the next one follows, if one does. */
type OnAttempt = (result: InvocationResult, next: number | undefined) => void;

/** How long a stop waits for the attempts under way, in milliseconds. */
const STOP_WAIT = 3_000;

const waitFor: Wait = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, { ref: false, signal });

/**
 * Runs events that nobody waits for, and runs them again when they failed.
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

  /** Begins at once, and returns at once. */
  add(attempt: Attempt, onAttempt: OnAttempt): void {
    this.#work.add(this.#run(attempt, onAttempt));
  }

  /** Tries nothing again, and waits a bounded time for what is under way. Twice is no error. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await within(STOP_WAIT, this.#work.settled());
  }

  async #run(attempt: Attempt, onAttempt: OnAttempt): Promise<void> {
    const { signal } = this.#stopped;
    const plan = new RetryPlan();
    let next: number | undefined;
    do {
      const result = await attempt();
      next = signal.aborted ? undefined : plan.next(result);
      onAttempt(result, next);
      if (next !== undefined) {
        // Only a stop ends a wait early.
        await this.#wait(next, signal).catch(() => {});
      }
    } while (next !== undefined && !signal.aborted);
  }
}
