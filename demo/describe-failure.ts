import { RelayError } from "../client/index.ts";
import type { Delivery } from "./delivery.ts";

/** Why a message has no receipt, in words; whether somebody may have it all the same is said, too. */
export function describeFailure(error: unknown): Delivery {
  if (!(error instanceof RelayError)) {
    return { state: "failed", text: `Not sent: ${error}` };
  }
  const { mayHaveArrived, message, code } = error;
  const outcome = mayHaveArrived ? "Perhaps not delivered" : "Not delivered";
  return { state: mayHaveArrived ? "partly" : "failed", text: `${outcome}: ${message} (${code})` };
}
