import type { Clock } from "../../../client/index.ts";

/** A clock on which so many times as much time passes as on the machine's. */
export function fastClock(times: number): Clock {
  return {
    now: () => performance.now() * times,
    setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds / times),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  };
}
