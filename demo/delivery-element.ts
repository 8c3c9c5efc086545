import { createElement } from "./create-element.ts";
import type { Delivery } from "./delivery.ts";

const MARKS = { sending: "…", delivered: "✓", unheard: "–", partly: "?", failed: "✗" } as const;

/** The line below a sent message. A failure is read out at once. */
export function deliveryElement({ state, text }: Delivery): HTMLElement {
  const mark = createElement("span", "mark", MARKS[state]);
  mark.ariaHidden = "true";
  const line = createElement("p", `delivery ${state}`, mark, createElement("span", "", text));
  if (state === "failed" || state === "partly") {
    line.role = "alert";
  }
  return line;
}
