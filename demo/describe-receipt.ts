import type { Receipt } from "../client/index.ts";
import type { Delivery } from "./delivery.ts";

/** What a receipt means, in words. A message to a channel with nobody else in it is no failure, nor delivered. */
export function describeReceipt({ delivered, gone, failed, complete }: Receipt): Delivery {
  const isSure = failed === 0 && complete;
  const isUnheard = delivered === 0 && isSure;
  const text = [
    isUnheard ? "Sent, nobody else is here" : `Delivered to ${delivered}`,
    ...(gone > 0 ? [`${gone} had gone`] : []),
    ...(failed > 0 ? [`${failed} perhaps not`] : []),
    ...(complete ? [] : ["not everyone was tried"]),
  ].join(", ");
  if (isUnheard) {
    return { state: "unheard", text };
  }
  return { state: isSure ? "delivered" : "partly", text };
}
