/** The time and the timers that a client uses: the platform's, or a test's own. Times are in milliseconds. */
export interface Clock {
  /** Milliseconds since any fixed moment. Never goes back, as the time of day may. */
  now(): number;
  /**
   * Milliseconds of the time of day, by which the client notices that the machine was asleep: on some platforms `now`
   * and the timers stand still meanwhile. Without it the client looks at `now`.
   *
   * @see https://developer.mozilla.org/en-US/docs/Web/API/Performance/now#ticking_during_sleep
   */
  timeOfDay?(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}
