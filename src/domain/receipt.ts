import type { ErrorFrame, ReceiptFrame, Target } from "../../protocol/frames.ts";
import type { DeliveryOutcome } from "./delivery.ts";
import { errorFrame, type Rejection, rejection } from "./errors.ts";

/** What became of one message, counted over all its targets. */
export interface DeliverySummary {
  /** How many deliveries ended in which way: one for each target that was tried. */
  readonly outcomes: Readonly<Record<DeliveryOutcome, number>>;
  /** Whether every target was found and tried. */
  readonly complete: boolean;
  /** How many targets other invocations deliver to that have not reported yet; undefined if there are none. */
  readonly pending?: number;
  /** Whether other invocations have delivered to the targets, in parts. */
  readonly isLarge?: true;
}

/** The counts before the first delivery. */
export function noOutcomes(): Record<DeliveryOutcome, number> {
  return { delivered: 0, gone: 0, tooLarge: 0, throttled: 0, rejected: 0, failed: 0 };
}

/** The summary of a message with one target, whose delivery ended so. */
export function summaryOf(outcome: DeliveryOutcome): DeliverySummary {
  return { outcomes: { ...noOutcomes(), [outcome]: 1 }, complete: true };
}

/** The frame that reports to a sender what became of its message: an error if it did nothing, or else a receipt. */
export function toReceipt(
  summary: DeliverySummary,
  to: Target,
  request: Parameters<typeof errorFrame>[1],
  hasEffect = summary.outcomes.delivered > 0 || summary.pending !== undefined,
): ErrorFrame | ReceiptFrame {
  const { outcomes, complete, pending } = summary;
  const error = hasEffect ? undefined : toError(summary, to);
  if (error !== undefined) {
    return errorFrame(error, request);
  }
  const { delivered, gone, tooLarge, throttled, rejected, failed } = outcomes;
  return {
    relay: "receipt",
    id: request.id,
    delivered,
    gone,
    failed: tooLarge + throttled + rejected + failed,
    complete,
    pending,
    sequence: request.position?.sequence,
    epoch: request.position?.epoch,
  } satisfies Required<ReceiptFrame>;
}

/** Why a message reached nobody, by the worst of what happened to it. An empty channel is not a reason. */
function toError({ outcomes, complete }: DeliverySummary, to: Target): Rejection | undefined {
  if (outcomes.tooLarge > 0) {
    return rejection("TOO_LARGE", "connection" in to ? "connection" : "group");
  }
  if (outcomes.failed === 0 && outcomes.throttled > 0) {
    return rejection("THROTTLED", "delivery");
  }
  // The sender did not name the connections of a group, so it cannot have named them wrongly.
  const isOurFault =
    outcomes.failed > 0 || !complete || (outcomes.rejected > 0 && !("connection" in to));
  if (isOurFault) {
    return rejection("UNAVAILABLE", "delivery");
  }
  if (outcomes.rejected > 0) {
    return rejection("INVALID_MESSAGE", "notAConnectionId");
  }
  if ("channel" in to) {
    return undefined;
  }
  return rejection("TARGET_GONE", "user" in to ? "user" : "connection");
}
