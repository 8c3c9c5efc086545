import { type Receipt, RelayError } from "../client/index.ts";

/** What is known of a sent message: a mark that says it at a glance, and a sentence. */
export interface Delivery {
  readonly state: "sending" | "delivered" | "unreceived" | "partly" | "failed";
  readonly text: string;
}

/** What a receipt means, in words. A message to a channel with nobody else in it neither failed nor was delivered. */
export function describeReceipt({ delivered, gone, failed, complete }: Receipt): Delivery {
  const isSure = failed === 0 && complete;
  const isUnreceived = delivered === 0 && isSure;
  const text = [
    isUnreceived ? "Sent, nobody else is here" : `Delivered to ${delivered}`,
    ...(gone > 0 ? [`${gone} had gone`] : []),
    ...(failed > 0 ? [`${failed} perhaps not`] : []),
    ...(complete ? [] : ["not everyone was tried"]),
  ].join(", ");
  if (isUnreceived) {
    return { state: "unreceived", text };
  }
  return { state: isSure ? "delivered" : "partly", text };
}

/** Why a message has no receipt, in words; whether somebody may have it all the same is said, too. */
export function describeFailure(error: unknown): Delivery {
  if (!(error instanceof RelayError)) {
    return { state: "failed", text: `Not sent: ${error}` };
  }
  const { mayHaveArrived, message, code } = error;
  const outcome = mayHaveArrived ? "Perhaps not delivered" : "Not delivered";
  return { state: mayHaveArrived ? "partly" : "failed", text: `${outcome}: ${message} (${code})` };
}
