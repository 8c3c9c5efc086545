/** What a delay depends on; both in milliseconds. */
export interface DelayLimits {
  readonly baseDelay: number;
  readonly maxDelay: number;
}

/**
 * Milliseconds until the next attempt: anything from 0 to a limit that doubles with each failure. Drawn anew each time,
 * so that clients that lost their connections together do not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function reconnectDelay(
  failures: number,
  { baseDelay, maxDelay }: DelayLimits,
  random: () => number,
): number {
  return random() * Math.min(maxDelay, baseDelay * 2 ** failures);
}
