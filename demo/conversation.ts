import type { Channel, HistoryPlace, RelayMessage } from "../client/index.ts";
import type { Recipient } from "./composer.ts";
import { createElement, nameElement } from "./elements.ts";
import { MessageList, type MessageListOwner } from "./message-list.ts";
import { People } from "./people.ts";

const CHANNEL_HINT = "Open this page in a second window and join as somebody else.";
const DIRECT_HINT =
  "Messages to single users and connections are here, and those that only you receive.";

/** Receives what the user does with a conversation. */
export interface ConversationOwner {
  open(conversation: Conversation): void;
  answer: MessageListOwner["answer"];
  sendAgain(conversation: Conversation, to: Recipient, text: string): void;
}

/** A conversation: everyone in a channel, or without one the direct messages. It has an entry in the list of channels. */
export class Conversation {
  readonly channel: string | undefined;
  readonly title: string;
  readonly messages: MessageList;
  readonly people: People;
  readonly entry = createElement("li", "");
  /** Before which place there are older messages that are not shown; undefined where there are none, or no history. */
  #before: HistoryPlace | undefined;
  #isReading = false;
  #hasBegun = false;
  readonly #own: string;
  /** How the client is in the channel; undefined while it is not, and for the direct messages. */
  subscription: Channel | undefined;
  readonly #button: HTMLButtonElement;
  readonly #badge = createElement("span", "count");
  #unread = 0;
  #end = "";

  constructor(channel: string | undefined, own: string, owner: ConversationOwner) {
    const isDirect = channel === undefined;
    this.channel = channel;
    this.#own = own;
    this.title = channel ?? "Direct messages";
    this.messages = new MessageList(
      isDirect ? this.title : `Messages in ${channel}`,
      isDirect ? DIRECT_HINT : CHANNEL_HINT,
      {
        answer: (to) => owner.answer(to),
        sendAgain: (to, text) => owner.sendAgain(this, to, text),
        older: () => void this.readOlder(),
      },
    );
    this.people = new People(own, (to) => owner.answer(to));
    this.#button = createElement("button", "entry", nameElement(this.title), this.#badge);
    this.#button.type = "button";
    this.#button.addEventListener("click", () => owner.open(this));
    this.entry.append(this.#button);
    this.show(false);
    this.#showBadge();
  }

  /** How many messages have come that the user has not seen. */
  get unread(): number {
    return this.#unread;
  }

  set unread(unread: number) {
    this.#unread = unread;
    this.#showBadge();
  }

  /** Why the client is not in the channel any more; empty while it is, or is about to be. */
  get end(): string {
    return this.#end;
  }

  set end(reason: string) {
    this.#end = reason;
    this.#showBadge();
  }

  /** The first message of the channel's history has come: those before it may be shown, too. Returns whether it is the first. */
  begin(place: HistoryPlace): boolean {
    if (this.#hasBegun || place.sequence === undefined) {
      return false;
    }
    this.#hasBegun = true;
    this.#setBefore(place.sequence > 1 ? place : undefined);
    return true;
  }

  /** Whether the user has written it: the same user in another window, or before the page was loaded, is the same. */
  isOwn({ from, sequence }: RelayMessage): boolean {
    return sequence !== undefined && from.user !== undefined && from.user === this.#own;
  }

  /** Shows a page of the messages before those that are shown. If that fails, the button for it stays. */
  async readOlder(): Promise<void> {
    const { subscription } = this;
    const before = this.#before;
    if (!subscription || !before || this.#isReading) {
      return;
    }
    this.#isReading = true;
    try {
      const page = await subscription.history({ before });
      this.messages.addOlder(page.messages, (message) => this.isOwn(message));
      this.#setBefore(page.before);
    } catch {
      // The user may ask again.
    }
    this.#isReading = false;
  }

  #setBefore(before: HistoryPlace | undefined): void {
    this.#before = before;
    this.messages.hasOlder = before !== undefined;
  }

  /** Shows this conversation, or another. */
  show(isShown: boolean): void {
    this.messages.element.hidden = this.people.element.hidden = !isShown;
    this.#button.ariaCurrent = isShown ? "true" : null;
  }

  #showBadge(): void {
    this.#badge.hidden = this.#unread === 0 && this.#end === "";
    this.#badge.classList.toggle("unread", this.#unread > 0);
    this.#badge.replaceChildren(
      ...(this.#unread > 0
        ? [String(this.#unread), createElement("span", "hidden", " unread")]
        : ["ended"]),
    );
  }
}
