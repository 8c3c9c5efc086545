/** The time and the timers that a client uses: the platform's, or a test's own. */
export interface Clock {
  /** Milliseconds since any fixed moment. Never goes back, as the time of day may. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}
