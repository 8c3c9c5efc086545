import type { Gap, HistoryPlace, RelayMessage } from "../client/index.ts";
import type { Recipient } from "./composer.ts";
import { createElement, timeElement } from "./elements.ts";
import { gapElement, messageElement, SentMessage, senderElement } from "./message-element.ts";
import { messageText } from "./message-text.ts";
import { ReadingPosition } from "./reading-position.ts";

/** How many entries stay in the page. */
const KEPT = 1000;

/** Receives what the user does with the messages. */
export interface MessageListOwner {
  /** The next message is to go to the sender of one. */
  answer(to: Recipient): void;
  sendAgain(to: Recipient, text: string): void;
  /** The reader wants to see what was before the first message. */
  older(): void;
}

/** The messages of one conversation: what was received, what was sent and what became of it, and what happened to the connection. */
export class MessageList {
  readonly element = createElement("div", "conversation");
  readonly #list = createElement("ol", "messages");
  readonly #scroll: HTMLElement;
  readonly #owner: MessageListOwner;
  readonly #position: ReadingPosition;
  readonly #older = createElement("button", "quiet older", "Show earlier messages");
  /** The messages of the channel's history that are shown, and the sent ones that are, by their places. */
  readonly #places = new Map<string, HTMLLIElement>();

  /** `title` is how a screen reader calls the list; `hint` shows as long as there is no message. */
  constructor(title: string, hint: string, owner: MessageListOwner) {
    this.#owner = owner;
    this.#scroll = createElement(
      "div",
      "scroll",
      this.#older,
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
    this.#older.type = "button";
    this.#older.hidden = true;
    this.#older.addEventListener("click", () => owner.older());
    this.#scroll.addEventListener("scroll", () => {
      if (this.#scroll.scrollTop === 0 && !this.#older.hidden) {
        owner.older();
      }
    });
    this.#position = new ReadingPosition(this.#scroll, this.#list, button);
  }

  /** Whether there are messages before the first one. */
  set hasOlder(hasOlder: boolean) {
    this.#older.hidden = !hasOlder;
  }

  /** Adds a message, and returns whether it was not there yet. */
  addReceived(message: RelayMessage, { isOwn = false, isSilent = false } = {}): boolean {
    const place = placeOf(message);
    const shown = this.#places.get(place);
    if (shown) {
      // The order of the channel is that of its history: others may have been before it.
      if (isOwn && shown.nextElementSibling?.matches(".received")) {
        this.#list.append(shown);
      }
      return false;
    }
    const element = this.#received(message, isOwn);
    element.ariaLive = isSilent ? "off" : null;
    this.#remember(place, element);
    this.#add(element);
    this.#position.addUnread();
    return true;
  }

  /** Adds messages before all others. The reader stays where they are. */
  addOlder(messages: readonly RelayMessage[], isOwn: (message: RelayMessage) => boolean): void {
    const { scrollHeight, scrollTop } = this.#scroll;
    const elements = messages
      .filter((message) => !this.#places.has(placeOf(message)))
      .map((message) => {
        const element = this.#received(message, isOwn(message));
        element.ariaLive = "off";
        this.#remember(placeOf(message), element);
        return element;
      });
    this.#list.prepend(...elements);
    this.#scroll.scrollTop = scrollTop + this.#scroll.scrollHeight - scrollHeight;
  }

  /** Marks where messages are missing. */
  addGap(gap: Gap): void {
    this.#add(gapElement(gap));
  }

  /** A sent message has its place in the channel's history, which will bring it, too. */
  place({ element }: SentMessage, place: HistoryPlace): void {
    const key = placeOf(place);
    // It may have come through the client's other connection before.
    const shown = this.#places.get(key);
    if (shown && shown !== element) {
      shown.replaceWith(element);
    }
    this.#remember(key, element);
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

  #received({ from, to, data, sentAt }: RelayMessage, isOwn: boolean): HTMLLIElement {
    const sender = isOwn
      ? createElement("span", "sender", "You")
      : senderElement(from, (answered) => this.#owner.answer(answered));
    const badge = "channel" in to ? [] : ["only to you"];
    const parts = { sender, badge, date: new Date(sentAt), text: messageText(data) };
    return messageElement(isOwn ? "sent" : "received", parts);
  }

  #remember(place: string, element: HTMLLIElement): void {
    if (place) {
      this.#places.set(place, element);
    }
  }

  #add(entry: HTMLLIElement, before?: HTMLLIElement): void {
    this.#list.insertBefore(entry, before ?? null);
    if (this.#list.childElementCount > KEPT) {
      this.#list.firstElementChild?.remove();
    }
  }
}

/** A name for a place in a channel's history; empty for a message without one. */
function placeOf({ sequence, epoch }: HistoryPlace): string {
  return sequence === undefined ? "" : `${epoch} ${sequence}`;
}
