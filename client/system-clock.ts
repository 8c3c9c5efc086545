import type { Clock } from "./clock.ts";

/** The platform's clock. Looked up at each call, so that a page may replace its timers. */
export const SYSTEM_CLOCK: Clock = {
  // Not the time of day: somebody may set that.
  now: () => performance.now(),
  timeOfDay: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};
