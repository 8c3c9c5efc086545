import type { InvocationResult } from "../lambda/invocation-result.ts";

const MINUTE = 60_000;

/** How long Lambda waits after the first and after the second failure of a function, in milliseconds. */
const WAITS_AFTER_FAILURES = [MINUTE, 2 * MINUTE];

/** The first and the longest wait of an event for which there was no capacity, in milliseconds; each is twice the last. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 5 * MINUTE;

/** How long Lambda keeps an event, in milliseconds: 6 hours. */
const MAX_AGE = 360 * MINUTE;

/**
 * Decides when an event that nobody waits for is tried again. Time is counted in waits: how long the attempts
 * themselves took makes no difference that matters.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class RetryPlan {
  #failures = 0;
  #rejections = 0;
  #age = 0;

  /** Milliseconds until the next attempt; undefined when there is none. Takes how the last one ended. */
  next({ outcome }: InvocationResult): number | undefined {
    const wait = this.#waitAfter(outcome);
    this.#age += wait ?? 0;
    return this.#age > MAX_AGE ? undefined : wait;
  }

  #waitAfter(outcome: InvocationResult["outcome"]): number | undefined {
    switch (outcome) {
      case "returned":
        return undefined;
      case "failed":
        this.#failures += 1;
        return WAITS_AFTER_FAILURES[this.#failures - 1];
      case "rejected":
        this.#rejections += 1;
        return Math.min(FIRST_WAIT * 2 ** (this.#rejections - 1), LONGEST_WAIT);
    }
  }
}
