import { createElement } from "./create-element.ts";
import type { Delivery } from "./delivery.ts";
import { messageElement } from "./message-element.ts";
import { nameElement } from "./name-element.ts";
import type { Recipient } from "./recipient.ts";

const MARKS = { sending: "…", delivered: "✓", unheard: "–", partly: "?", failed: "✗" } as const;

/** A sent message, and below it what has become of it. One that failed can be sent again. */
export class SentMessage {
  readonly element: HTMLLIElement;
  readonly #line = createElement("p", "delivery");
  readonly #again = createElement("button", "quiet", "Send again");

  constructor(to: Recipient, text: string, onAgain: () => void) {
    const [name = ""] = Object.values(to);
    this.element = messageElement("sent", {
      sender: createElement("span", "sender", "You"),
      badge: "channel" in to ? [] : ["only to ", nameElement(name)],
      date: new Date(),
      text,
    });
    // Only failures are read out, as alerts: a receipt after each message would be too much.
    this.#line.ariaLive = "off";
    this.element.append(this.#line);
    this.#again.type = "button";
    this.#again.addEventListener("click", onAgain);
  }

  tell({ state, text }: Delivery): void {
    const mark = createElement("span", "mark", MARKS[state]);
    mark.ariaHidden = "true";
    const sentence = createElement("span", "", text);
    if (state === "failed" || state === "partly") {
      sentence.role = "alert";
    }
    this.#line.className = `delivery ${state}`;
    this.#line.replaceChildren(mark, sentence, ...(state === "failed" ? [this.#again] : []));
  }
}
