import { MINUTE, SECOND } from "./numbers.ts";
import type { Settings } from "./options.ts";

/**
 * Milliseconds before the next attempt: anything from 0 to a limit that doubles with each failure. Drawn anew each time,
 * so that clients that lost their connections together do not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function reconnectDelay(
  failures: number,
  { baseDelay, maxDelay, random }: Settings,
): number {
  return random() * Math.min(maxDelay, baseDelay * 2 ** failures);
}

/**
 * Milliseconds before what lasts `left` milliseconds more is renewed with a fresh token: a minute before the end, or when
 * half the time is over; `share` spreads clients. A token function may return the same token until that ends (`isSame`),
 * and returns the next one only afterwards.
 */
export function renewalDelay(left: number, isSame: boolean, share: number): number {
  return isSame && left < 2 * MINUTE
    ? left + SECOND
    : Math.max(left - MINUTE, left / 2, SECOND) * share;
}
