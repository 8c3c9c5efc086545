import { createElement } from "./create-element.ts";
import { shorten } from "./shorten.ts";
import { timeElement } from "./time-element.ts";

/** What an entry of the conversation shows of a message. */
export interface MessageParts {
  readonly sender: HTMLElement;
  /** To whom it went, or what it is, unless it is a message to the channel. */
  readonly badge: string | undefined;
  readonly date: Date;
  readonly text: string;
}

/** An entry of the conversation: who wrote it and when, and what. */
export function messageElement(
  kind: "received" | "sent",
  { sender, badge, date, text }: MessageParts,
): HTMLLIElement {
  const heading = createElement("div", "heading", sender);
  if (badge !== undefined) {
    heading.append(createElement("span", "badge", badge));
  }
  heading.append(timeElement(date, "minutes"));
  return createElement("li", kind, heading, createElement("p", "text", shorten(text)));
}
