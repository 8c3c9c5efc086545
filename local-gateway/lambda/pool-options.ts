/** How a pool differs from the usual one. */
export interface PoolOptions {
  /** In milliseconds. */
  readonly idleTime?: number | undefined;
  /**
   * The most environments, and beyond as many events at a time Lambda's rejection. Without it there are up to 100, and
   * events wait.
   */
  readonly maxEnvironments?: number | undefined;
  /**
   * The reserved concurrency that the template gives the function: Lambda's rejection for any event beyond. With 0 no
   * event runs. It counts next to `maxEnvironments`, and the smaller of the two decides.
   */
  readonly reservedConcurrency?: number | undefined;
  /** One environment only, for a debugger; events wait for it. */
  readonly single?: boolean | undefined;
}
