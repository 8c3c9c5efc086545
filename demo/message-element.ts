import type { Gap, RelayMessage } from "../client/index.ts";
import type { Recipient } from "./composer.ts";
import type { Delivery } from "./delivery.ts";
import { createElement, nameElement, timeElement } from "./elements.ts";
import { shorten } from "./message-text.ts";

/** What an entry of the conversation shows of a message. */
interface MessageParts {
  readonly sender: HTMLElement;
  /** To whom it went, or what it is; nothing for a message to the channel. */
  readonly badge: readonly (Node | string)[];
  readonly date: Date;
  readonly text: string;
}

/** An entry of the conversation: who wrote it and when, and what. */
export function messageElement(
  kind: "received" | "sent",
  { sender, badge, date, text }: MessageParts,
): HTMLLIElement {
  const heading = createElement("div", "heading", sender);
  if (badge.length > 0) {
    heading.append(createElement("span", "badge", ...badge));
  }
  heading.append(timeElement(date, "minutes"));
  const shown = createElement("p", "text", shorten(text));
  // By its own first letter, whatever the language of the page.
  shown.dir = "auto";
  return createElement("li", kind, heading, shown);
}

/** Who sent a message, as a button that answers it; a backend cannot be answered. */
export function senderElement(
  { user, connectionId, service }: RelayMessage["from"],
  onAnswer: (to: Recipient) => void,
): HTMLElement {
  if (connectionId === undefined) {
    return createElement("span", "sender", nameElement(service ?? "A backend"));
  }
  return user === undefined
    ? recipientButton(connectionId, { connection: connectionId }, onAnswer)
    : recipientButton(user, { user }, onAnswer);
}

/** The name of somebody, as a button that addresses the next message. */
export function recipientButton(
  name: string,
  to: Recipient,
  onAnswer: (to: Recipient) => void,
): HTMLButtonElement {
  const button = createElement("button", "sender", createElement("bdi", "", name));
  button.type = "button";
  button.title = `Write to ${name} alone`;
  button.addEventListener("click", () => onAnswer(to));
  return button;
}

/** Messages that are missing between two others. */
export function gapElement({ from, to }: Gap): HTMLLIElement {
  const count = to - from + 1;
  const text = Number.isFinite(count)
    ? `${count} ${count === 1 ? "message is" : "messages are"} missing here.`
    : "Messages are missing here.";
  return createElement("li", "note gap", createElement("span", "", text));
}

const MARKS = { sending: "…", delivered: "✓", unreceived: "–", partly: "?", failed: "✗" } as const;

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

  show({ state, text }: Delivery): void {
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
