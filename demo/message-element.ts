import { createElement } from "./create-element.ts";
import { shorten } from "./shorten.ts";
import { timeElement } from "./time-element.ts";

/** What an entry of the conversation shows of a message. */
export interface MessageParts {
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
