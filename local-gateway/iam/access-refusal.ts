/** Why a call may not be made: what its caller is answered, and what the person at this machine should know. */
export interface AccessRefusal {
  /** What SDKs know the error by, for example `AccessDeniedException`. */
  readonly errorType: string;
  /** The body of the answer, JSON text. */
  readonly body: string;
  /** For the console, in one line. */
  readonly problem: string;
}
