import type { SendOutcome } from "./send-outcome.ts";

/** A send's outcome, or `failed` when nobody knows what became of it. */
export type DeliveryOutcome = SendOutcome | "failed";
