import type { ErrorCode } from "../../protocol/errors.ts";
import type { ErrorFrame, ReceiptFrame, Target } from "../../protocol/frames.ts";
import type { DeliveryOutcome } from "./delivery.ts";

/** Why a message reached nobody: a code for programs and a sentence for people. */
export interface Rejection {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What became of one message, counted over all its targets. */
export interface Tally {
  /** How many deliveries ended in which way: one for each target that was tried. */
  readonly outcomes: Readonly<Record<DeliveryOutcome, number>>;
  /** Whether every target was found and tried. */
  readonly complete: boolean;
}

/** A count of deliveries of which there were none yet. */
export function noOutcomes(): Record<DeliveryOutcome, number> {
  return { delivered: 0, gone: 0, tooLarge: 0, throttled: 0, rejected: 0, failed: 0 };
}

/** The tally of a message that had the one target, where its delivery ended so. */
export function tallyOf(outcome: DeliveryOutcome): Tally {
  return { outcomes: { ...noOutcomes(), [outcome]: 1 }, complete: true };
}

/**
 * Why a message reached nobody, if it did not and there is a reason to tell: the worst of what happened to it. That
 * nobody is in a channel is no such reason.
 */
function undelivered({ outcomes, complete }: Tally, to: Target): Rejection | undefined {
  if (outcomes.delivered > 0) {
    return undefined;
  }
  if (outcomes.tooLarge > 0) {
    return {
      code: "TOO_LARGE",
      message: "The message would be longer than the 128 KB that one may have.",
    };
  }
  if (outcomes.failed === 0 && outcomes.throttled > 0) {
    return {
      code: "THROTTLED",
      message: "Too many messages at once: the target was not reached. Try again later.",
    };
  }
  // Nobody named the connections of a group, so nobody can have named them wrongly.
  const isOurs =
    outcomes.failed > 0 || !complete || (outcomes.rejected > 0 && !("connection" in to));
  if (isOurs) {
    return {
      code: "UNAVAILABLE",
      message: "The relay could not deliver the message. It may have arrived or not.",
    };
  }
  if (outcomes.rejected > 0) {
    return { code: "INVALID_MESSAGE", message: "API Gateway takes this for no connection id." };
  }
  if ("channel" in to) {
    return undefined;
  }
  return {
    code: "TARGET_GONE",
    message:
      "user" in to
        ? "There is no connection of that user."
        : "There is no connection with that id any more.",
  };
}

/** What a sender is told of its message, by what became of it: an error if it reached nobody, or else a receipt. */
export function conclude(
  { outcomes, complete }: Tally,
  to: Target,
  { id, requestId }: { readonly id: string | undefined; readonly requestId: string },
): ErrorFrame | ReceiptFrame {
  const rejection = undelivered({ outcomes, complete }, to);
  if (rejection !== undefined) {
    return { relay: "error", ...rejection, id, requestId };
  }
  const { delivered, gone, tooLarge, throttled, rejected, failed } = outcomes;
  const undone = tooLarge + throttled + rejected + failed;
  return { relay: "receipt", id, delivered, gone, failed: undone, complete };
}
