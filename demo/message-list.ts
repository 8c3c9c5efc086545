import type { RelayMessage } from "../client/index.ts";
import type { Recipient } from "./composer.ts";
import { createElement, timeElement } from "./elements.ts";
import { messageElement, SentMessage, senderElement } from "./message-element.ts";
import { messageText } from "./message-text.ts";
import { ReadingPosition } from "./reading-position.ts";

/** How many entries stay in the page. */
const KEPT = 1000;

/** Receives what the user does with the messages. */
export interface MessageListOwner {
  /** The next message is to go to the sender of one. */
  answer(to: Recipient): void;
  sendAgain(to: Recipient, text: string): void;
}

/** The messages of one conversation: what was received, what was sent and what became of it, and what happened to the connection. */
export class MessageList {
  readonly element = createElement("div", "conversation");
  readonly #list = createElement("ol", "messages");
  readonly #scroll: HTMLElement;
  readonly #owner: MessageListOwner;
  readonly #position: ReadingPosition;

  /** `title` is how a screen reader calls the list; `hint` shows as long as there is no message. */
  constructor(title: string, hint: string, owner: MessageListOwner) {
    this.#owner = owner;
    this.#scroll = createElement(
      "div",
      "scroll",
      this.#list,
      createElement("p", "hint empty", hint),
    );
    this.#scroll.role = "log";
    this.#scroll.ariaLabel = title;
    this.#scroll.setAttribute("aria-relevant", "additions");
    // What scrolls must scroll by keyboard, too.
    this.#scroll.tabIndex = 0;
    const button = createElement("button", "primary newer");
    button.type = "button";
    button.hidden = true;
    this.element.append(this.#scroll, button);
    this.#position = new ReadingPosition(this.#scroll, this.#list, button);
  }

  addReceived({ from, to, data, sentAt }: RelayMessage): void {
    const sender = senderElement(from, (answered) => this.#owner.answer(answered));
    const badge = "channel" in to ? [] : ["only to you"];
    const parts = { sender, badge, date: new Date(sentAt), text: messageText(data) };
    this.#add(messageElement("received", parts));
    this.#position.addUnread();
  }

  /** A text whose sender is not verified. */
  addBare(text: string): void {
    const sender = createElement("span", "sender", "Unknown");
    this.#add(messageElement("received", { sender, badge: ["bare text"], date: new Date(), text }));
    this.#position.addUnread();
  }

  /** Shows a message on its way. The caller passes its delivery to what this returns. */
  addSent(to: Recipient, text: string): SentMessage {
    const sent = new SentMessage(to, text, () => {
      sent.element.remove();
      this.#scroll.focus();
      this.#owner.sendAgain(to, text);
    });
    this.#add(sent.element);
    this.#position.goToEnd();
    return sent;
  }

  /**
   * What happened to the connection: at the end, or before the first message here that has waited for it. It is not read
   * out if it is said elsewhere, too.
   */
  addNote(
    text: string,
    { isSilent = false, before = [] }: { isSilent?: boolean; before?: readonly SentMessage[] } = {},
  ): void {
    const time = timeElement(new Date(), "minutes");
    const note = createElement("li", "note", createElement("span", "", text), time);
    note.ariaLive = isSilent ? "off" : null;
    const first = before.find((sent) => sent.element.parentElement === this.#list);
    this.#add(note, first?.element);
  }

  #add(entry: HTMLLIElement, before?: HTMLLIElement): void {
    this.#list.insertBefore(entry, before ?? null);
    if (this.#list.childElementCount > KEPT) {
      this.#list.firstElementChild?.remove();
    }
  }
}
