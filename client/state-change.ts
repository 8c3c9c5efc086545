/** Where a client stands: on its way for the first time, connected, on its way again, or done. */
export type State = "connecting" | "open" | "reconnecting" | "closed";

/** A change of state, or news within one: another failed attempt, or the move to the next connection. */
export interface StateChange {
  readonly state: State;
  /** One sentence for people. */
  readonly reason: string;
  /** The connection's id, when the state is open. */
  readonly connectionId?: string;
  /** What was thrown, for example by the token function. */
  readonly cause?: unknown;
}
