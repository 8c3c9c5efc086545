/** What holds for one attempt to deliver something. */
export interface Terms {
  /** When it must have ended, in milliseconds since 1970, successful or not. */
  readonly until: number;
  /** Takes what went wrong on our side, for the log. */
  readonly onFailure: (failure: unknown) => void;
}
