/** How a pool differs from the usual one. */
export interface PoolOptions {
  /** In milliseconds. */
  readonly idleTime?: number | undefined;
  /**
   * Reserved concurrency: the most environments, and beyond as many events at a time Lambda's rejection. Without it
   * there are up to 100, and events wait.
   */
  readonly maxEnvironments?: number | undefined;
  /** One environment only, for a debugger; events wait for it. */
  readonly single?: boolean | undefined;
}
