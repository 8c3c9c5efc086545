import type { ErrorFrame } from "./frames/error-frame.ts";
import type { ReceiptFrame } from "./frames/receipt-frame.ts";
import type { Tally } from "./tally.ts";
import type { Target } from "./target.ts";
import { undelivered } from "./undelivered.ts";

/** What a sender is told of its message, by what became of it: an error if it reached nobody, or else a receipt. */
export function conclude(
  { outcomes, complete }: Tally,
  to: Target,
  { id, requestId }: { readonly id: string | undefined; readonly requestId: string },
): ErrorFrame | ReceiptFrame {
  const refusal = undelivered({ outcomes, complete }, to);
  if (refusal !== undefined) {
    return { relay: "error", ...refusal, id, requestId };
  }
  const { delivered, gone, tooLarge, throttled, refused, failed } = outcomes;
  const undone = tooLarge + throttled + refused + failed;
  return { relay: "receipt", id, delivered, gone, failed: undone, complete };
}
