import type { RelayMessage } from "../client/index.ts";
import type { Recipient } from "./composer.ts";
import { createElement, element, timeElement } from "./elements.ts";
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

/** The conversation: what was received, what was sent and what became of it, and what happened to the connection. */
export class MessageList {
  readonly #list = element("messages", HTMLOListElement);
  readonly #scroll = element("scroll", HTMLDivElement);
  readonly #owner: MessageListOwner;
  readonly #position = new ReadingPosition();

  constructor(owner: MessageListOwner) {
    this.#owner = owner;
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#position.goToEnd();
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
   * What happened to the connection: at the end, or before a message that has waited for it. It is not read out if it is
   * said elsewhere, too.
   */
  addNote(
    text: string,
    { isSilent = false, before }: { isSilent?: boolean; before?: SentMessage | undefined } = {},
  ): void {
    const time = timeElement(new Date(), "minutes");
    const note = createElement("li", "note", createElement("span", "", text), time);
    note.ariaLive = isSilent ? "off" : null;
    this.#add(note, before?.element);
  }

  #add(entry: HTMLLIElement, before?: HTMLLIElement): void {
    // The other one may have been dropped meanwhile.
    this.#list.insertBefore(entry, before?.isConnected ? before : null);
    if (this.#list.childElementCount > KEPT) {
      this.#list.firstElementChild?.remove();
    }
  }
}
