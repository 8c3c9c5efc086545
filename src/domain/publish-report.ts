import type { ErrorFrame } from "./frames/error-frame.ts";
import type { ReceiptFrame } from "./frames/receipt-frame.ts";
import type { Tally } from "./tally.ts";

/** What became of a publication: the answer to the backend, and what the log should have. */
export interface PublishReport {
  readonly answer: ErrorFrame | ReceiptFrame;
  /** What became of the message, if it had targets. */
  readonly tally: Tally | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}
