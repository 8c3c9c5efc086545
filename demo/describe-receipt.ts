import type { Receipt } from "../client/index.ts";
import type { Delivery } from "./delivery.ts";

/** What a receipt means, in words. A message to a channel with nobody else in it is no failure. */
export function describeReceipt({ delivered, gone, failed, complete }: Receipt): Delivery {
  const rest = [
    ...(gone > 0 ? [`${gone} had gone`] : []),
    ...(failed > 0 ? [`${failed} perhaps not`] : []),
    ...(complete ? [] : ["not everyone was tried"]),
  ];
  const first =
    delivered === 0 && complete ? "Sent, nobody else is here" : `Delivered to ${delivered}`;
  return {
    state: failed > 0 || !complete ? "partly" : "delivered",
    text: [first, ...rest].join(", "),
  };
}
