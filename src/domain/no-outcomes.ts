import type { DeliveryOutcome } from "./delivery-outcome.ts";

/** A count of deliveries of which there were none yet. */
export function noOutcomes(): Record<DeliveryOutcome, number> {
  return { delivered: 0, gone: 0, tooLarge: 0, throttled: 0, refused: 0, failed: 0 };
}
