import type { DeliveryOutcome } from "./delivery-outcome.ts";
import type { Tally } from "./tally.ts";

/** The tally of a message that had the one target, where its delivery ended so. */
export function tallyOf(outcome: DeliveryOutcome): Tally {
  const outcomes = { delivered: 0, gone: 0, tooLarge: 0, throttled: 0, refused: 0, failed: 0 };
  outcomes[outcome] = 1;
  return { outcomes, complete: true };
}
