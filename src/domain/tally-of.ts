import type { DeliveryOutcome } from "./delivery-outcome.ts";
import { noOutcomes } from "./no-outcomes.ts";
import type { Tally } from "./tally.ts";

/** The tally of a message that had the one target, where its delivery ended so. */
export function tallyOf(outcome: DeliveryOutcome): Tally {
  return { outcomes: { ...noOutcomes(), [outcome]: 1 }, complete: true };
}
