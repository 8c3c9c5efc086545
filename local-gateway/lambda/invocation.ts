/** What an invoker knows of one invocation besides its event. */
export interface Invocation {
  /** Lambda makes one up when it is absent. Every attempt to run one event has the same. */
  readonly requestId?: string;
  /** Members of the context object that are not those of every event of the function. */
  readonly context?: Readonly<Record<string, unknown>>;
}
