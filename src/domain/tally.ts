import type { DeliveryOutcome } from "./delivery-outcome.ts";

/** What became of one message, counted over all its targets. */
export interface Tally {
  /** How many deliveries ended in which way: one for each target that was tried. */
  readonly outcomes: Readonly<Record<DeliveryOutcome, number>>;
  /** Whether every target was found and tried. */
  readonly complete: boolean;
}
