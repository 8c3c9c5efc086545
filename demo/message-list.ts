import type { RelayMessage } from "../client/index.ts";
import { createElement } from "./create-element.ts";
import type { Delivery } from "./delivery.ts";
import { deliveryElement } from "./delivery-element.ts";
import { element } from "./element.ts";
import { messageText } from "./message-text.ts";
import type { Recipient } from "./recipient.ts";
import { senderElement } from "./sender-element.ts";
import { shorten } from "./shorten.ts";
import { timeElement } from "./time-element.ts";

/** How far from the end the reader may be and still be taken along, in pixels. */
const NEAR_THE_END = 80;

/** How many entries stay in the page. */
const KEPT = 1000;

/** The conversation: what was received, what was sent and what became of it, and what happened to the connection. */
export class MessageList {
  readonly #list = element("messages", HTMLOListElement);
  readonly #scroll = element("scroll", HTMLDivElement);
  readonly #onAnswer: (to: Recipient) => void;
  /** Whether the reader is at the end, and wants to stay there. */
  #follows = true;

  constructor(onAnswer: (to: Recipient) => void) {
    this.#onAnswer = onAnswer;
    this.#scroll.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
      this.#follows = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    });
    new ResizeObserver(() => this.#follow()).observe(this.#scroll);
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#follows = true;
  }

  addReceived({ from, to, data, sentAt }: RelayMessage): void {
    const heading = createElement("div", "heading", senderElement(from, this.#onAnswer));
    if (!("channel" in to)) {
      heading.append(createElement("span", "badge", "only to you"));
    }
    heading.append(timeElement(new Date(sentAt), "minutes"));
    this.#add("received", heading, createElement("p", "text", messageText(data)));
  }

  /** A text without a sender that anybody vouches for. */
  addBare(text: string): void {
    const heading = createElement("div", "heading", createElement("span", "sender", "Unknown"));
    heading.append(createElement("span", "badge", "bare text"), timeElement(new Date(), "minutes"));
    this.#add("received", heading, createElement("p", "text", shorten(text)));
  }

  /** Shows a message on its way; what it returns is to be told how it went. */
  addSent(to: Recipient, text: string): (delivery: Delivery) => void {
    const heading = createElement("div", "heading", createElement("span", "sender", "You"));
    if (!("channel" in to)) {
      const [name = ""] = Object.values(to);
      heading.append(createElement("span", "badge", `only to ${name}`));
    }
    heading.append(timeElement(new Date(), "minutes"));
    let status = deliveryElement({ state: "sending", text: "Sending" });
    this.#add("sent", heading, createElement("p", "text", shorten(text)), status);
    return (delivery) => {
      const next = deliveryElement(delivery);
      status.replaceWith(next);
      status = next;
      this.#follow();
    };
  }

  addNote(text: string): void {
    this.#add("note", createElement("span", "", text), timeElement(new Date(), "minutes"));
  }

  #add(kind: string, ...children: Node[]): void {
    this.#list.append(createElement("li", kind, ...children));
    if (this.#list.childElementCount > KEPT) {
      this.#list.firstElementChild?.remove();
    }
    this.#follows ||= kind === "sent";
    this.#follow();
  }

  #follow(): void {
    if (this.#follows) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
  }
}
