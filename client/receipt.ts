/** What became of a message: its targets add up to `delivered + gone + failed`. */
export interface Receipt {
  /** Connections for which API Gateway accepted the message. */
  readonly delivered: number;
  /** Connections that are not there any more. */
  readonly gone: number;
  /** Connections that are not known to have received it. */
  readonly failed: number;
  /** False when the relay's time ran out before it had read all targets. */
  readonly complete: boolean;
}
