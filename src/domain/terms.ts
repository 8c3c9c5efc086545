/** What holds for one attempt to deliver something. */
export interface Terms {
  /** When it must have ended, in milliseconds since 1970, successful or not. */
  readonly until: number;
  /** How often a throttled target is tried at most, the first try included; six times unless it is said. */
  readonly tries?: number;
  /** Takes what went wrong on our side, for the log. */
  readonly onFailure: (failure: unknown) => void;
}
