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

/** The platform's clock. Looked up at each call, so that a page may replace its timers. */
export const SYSTEM_CLOCK: Clock = {
  // Not the time of day: somebody may set that.
  now: () => performance.now(),
  timeOfDay: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/**
 * What the client needs of a WebSocket. The browser's, Node's own and the one of the package `ws` have it.
 *
 * @see https://websockets.spec.whatwg.org/#the-websocket-interface
 */
export interface WebSocketLike {
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
  /** Ends the connection without a closing handshake, where the implementation can. */
  terminate?(): void;
}
