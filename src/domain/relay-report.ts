import type { DeliveryOutcome } from "./delivery-outcome.ts";
import type { ErrorCode } from "./error-code.ts";
import type { Tally } from "./tally.ts";

/** What became of a message, for the Lambda's answer and for the log. It holds nothing that a client wrote. */
export interface RelayReport {
  /** The route's answer. */
  readonly text: string;
  /** The code of the error that the sender was told, if any. */
  readonly error: ErrorCode | undefined;
  /** What became of the message, if it had targets. */
  readonly tally: Tally | undefined;
  /** What became of the frame to the sender, if there was one. */
  readonly answered: DeliveryOutcome | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}
