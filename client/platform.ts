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

/** The constructor of such a WebSocket. */
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** Only browsers have these; React Native and Node have some or none of them. */
interface EventSource {
  addEventListener?(
    name: string,
    listener: () => void,
    options: { readonly signal: AbortSignal },
  ): void;
}

/**
 * Calls back when the network is there again or the page is looked at again: then the connection should be checked.
 * Outside browsers it never does. Returns the function that removes the listeners.
 */
export function reconnectTriggers(onTrigger: () => void): () => void {
  const page: EventSource = globalThis as EventSource;
  const { document } = globalThis as {
    readonly document?: EventSource & { readonly visibilityState: string };
  };
  const controller = new AbortController();
  // In a hidden page, the network's return matters as well.
  for (const name of ["online", "pageshow"]) {
    page.addEventListener?.(name, onTrigger, controller);
  }
  document?.addEventListener?.(
    "visibilitychange",
    () => {
      if (document.visibilityState !== "hidden") {
        onTrigger();
      }
    },
    controller,
  );
  return () => controller.abort();
}
