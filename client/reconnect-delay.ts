/** What a delay depends on: its limits in milliseconds, and a number from 0 up to 1, drawn for each. */
export interface DelaySettings {
  readonly baseDelay: number;
  readonly maxDelay: number;
  readonly random: () => number;
}

/**
 * Milliseconds until the next attempt: anything from 0 to a limit that doubles with each failure. Drawn anew each time,
 * so that clients that lost their connections together do not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function reconnectDelay(
  failures: number,
  { baseDelay, maxDelay, random }: DelaySettings,
): number {
  return random() * Math.min(maxDelay, baseDelay * 2 ** failures);
}
