import { createElement } from "./create-element.ts";
import { element } from "./element.ts";
import type { RecordedFrame } from "./recording-web-socket.ts";
import { shorten } from "./shorten.ts";
import { timeElement } from "./time-element.ts";

/** How many frames stay in the page. */
const KEPT = 200;

const ARROWS = { sent: "↑", received: "↓", event: "•" } as const;

/** The frames as they go over the wire, newest first. */
export class FrameLog {
  readonly #list = element("frames", HTMLOListElement);
  readonly #count = element("frame-count", HTMLSpanElement);
  #total = 0;

  add({ direction, text }: RecordedFrame): void {
    const arrow = createElement("span", "arrow", ARROWS[direction]);
    arrow.ariaHidden = "true";
    const row = createElement(
      "li",
      `frame frame-${direction}`,
      arrow,
      createElement("span", "hidden", `${direction} `),
      timeElement(new Date(), "seconds"),
      createElement("code", "", shorten(text)),
    );
    this.#list.prepend(row);
    this.#total++;
    this.#count.textContent = String(this.#total);
    if (this.#total > KEPT) {
      this.#list.lastElementChild?.remove();
      this.#count.textContent = `last ${KEPT} of ${this.#total}`;
    }
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#total = 0;
    this.#count.textContent = "0";
  }
}
