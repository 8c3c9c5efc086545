import type { ExecutionEnvironment } from "./execution-environment.ts";

/** An environment that is not the only one ends after this long without an event, in milliseconds. */
const IDLE_TIME = 60_000;

/** The environments that wait for an event. The one used last comes first, so that those too many stay idle. */
export class IdleEnvironments {
  readonly #timers = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  readonly #idleTime: number;
  readonly #onExpired: (environment: ExecutionEnvironment) => void;

  /** Tells `onExpired` of an environment that has been idle for `idleTime` milliseconds; it stays idle. */
  constructor(idleTime = IDLE_TIME, onExpired: (environment: ExecutionEnvironment) => void) {
    this.#idleTime = idleTime;
    this.#onExpired = onExpired;
  }

  add(environment: ExecutionEnvironment): void {
    const timer = setTimeout(this.#onExpired, this.#idleTime, environment);
    this.#timers.set(environment, timer.unref());
  }

  /** Takes the environment that was added last; undefined when there is none that can run an event. */
  take(): ExecutionEnvironment | undefined {
    const last = [...this.#timers.keys()].findLast(({ usable }) => usable);
    if (last !== undefined) {
      this.delete(last);
    }
    return last;
  }

  /** True when the environment was idle. */
  delete(environment: ExecutionEnvironment): boolean {
    clearTimeout(this.#timers.get(environment));
    return this.#timers.delete(environment);
  }
}
