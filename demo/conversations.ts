import { Conversation, type ConversationOwner } from "./conversation.ts";
import { element, nameElement, say } from "./elements.ts";

const TITLE = document.title;

/** Receives what the user does with the conversations. */
export interface ConversationsOwner extends Omit<ConversationOwner, "open"> {
  /** Another conversation shows. */
  shown(conversation: Conversation): void;
  /** The user leaves the channel. It is not in the list any more. */
  left(conversation: Conversation): void;
}

/**
 * The conversations of one person: the list of channels with the direct messages, and the one of them that shows. On a
 * narrow screen the list shows in place of the conversation, when the user asks for it.
 */
export class Conversations {
  readonly #section = element("chat", HTMLElement);
  readonly #list = element("channels", HTMLUListElement);
  readonly #title = element("chat-title", HTMLHeadingElement);
  readonly #messages = element("conversations", HTMLDivElement);
  readonly #people = element("here", HTMLElement);
  readonly #leave = element("leave-channel", HTMLButtonElement);
  readonly #news = element("news", HTMLParagraphElement);
  readonly #toggle = element("channels-toggle", HTMLButtonElement);
  readonly #total = element("total-unread", HTMLSpanElement);
  readonly #owner: ConversationsOwner;
  readonly #conversations = new Map<string | undefined, Conversation>();
  #own = "";
  #shown: Conversation | undefined;
  /** The channel that showed last. */
  #channel: Conversation | undefined;

  constructor(owner: ConversationsOwner) {
    this.#owner = owner;
    document.addEventListener("visibilitychange", () => this.#read());
    this.#leave.addEventListener("click", () => this.#leaveShown());
    this.#toggle.addEventListener("click", () => this.#unfold(!this.#isUnfolded));
    element("sidebar", HTMLDivElement).addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.#isUnfolded) {
        this.#unfold(false);
        this.#toggle.focus();
      }
    });
  }

  get all(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  /** The conversation that shows. */
  get shown(): Conversation {
    return this.#shown ?? this.direct;
  }

  /** The messages to and from single users and connections. */
  get direct(): Conversation {
    return this.get(undefined) ?? this.add(undefined);
  }

  /** The conversation of a channel; undefined if there is none. */
  get(channel: string | undefined): Conversation | undefined {
    return this.#conversations.get(channel);
  }

  /** Begins anew for a user, with the direct messages alone. */
  reset(own: string): void {
    for (const conversation of this.all) {
      this.#remove(conversation);
    }
    this.#own = own;
    this.#shown = this.#channel = undefined;
    this.show(this.direct);
  }

  /** Puts a conversation into the list. */
  add(channel: string | undefined): Conversation {
    const conversation = new Conversation(channel, this.#own, {
      open: () => this.show(conversation),
      answer: (to) => this.#owner.answer(to),
      sendAgain: (...message) => this.#owner.sendAgain(...message),
    });
    this.#conversations.set(channel, conversation);
    this.#list.append(conversation.entry);
    this.#messages.append(conversation.messages.element);
    this.#people.append(conversation.people.element);
    return conversation;
  }

  show(conversation: Conversation): void {
    this.#shown?.show(false);
    this.#shown = conversation;
    const isChannel = conversation.channel !== undefined;
    if (isChannel) {
      this.#channel = conversation;
    }
    this.#title.replaceChildren(nameElement(conversation.title));
    this.#people.hidden = this.#leave.hidden = !isChannel;
    conversation.show(true);
    this.#unfold(false);
    this.#read();
    this.#owner.shown(conversation);
  }

  /** Shows the channel again that showed last, if there is one. */
  back(): void {
    if (this.#channel) {
      this.show(this.#channel);
    }
  }

  /** A message has come: it is unread unless the user sees it. */
  addUnread(conversation: Conversation): void {
    if (conversation !== this.#shown || document.hidden) {
      conversation.unread++;
      this.#showUnread();
      if (conversation.unread === 1) {
        // Only the first: a busy channel would drown what is read out of the one that shows.
        this.notify(`New message in ${conversation.title}`);
      }
    }
  }

  /** Has a screen reader read out what has happened elsewhere than in the conversation that shows. */
  notify(text: string): void {
    say(this.#news, text);
  }

  get #isUnfolded(): boolean {
    return this.#toggle.ariaExpanded === "true";
  }

  #unfold(isUnfolded: boolean): void {
    this.#toggle.ariaExpanded = String(isUnfolded);
    this.#section.classList.toggle("unfolded", isUnfolded);
  }

  #leaveShown(): void {
    const { all, shown } = this;
    const place = all.indexOf(shown);
    this.#remove(shown);
    this.#channel = undefined;
    this.#owner.left(shown);
    this.show(all[place + 1] ?? all[place - 1] ?? this.direct);
  }

  #remove(conversation: Conversation): void {
    this.#conversations.delete(conversation.channel);
    conversation.entry.remove();
    conversation.messages.element.remove();
    conversation.people.element.remove();
  }

  /** The user sees what shows. */
  #read(): void {
    if (this.#shown && !document.hidden) {
      this.#shown.unread = 0;
      this.#showUnread();
    }
  }

  #showUnread(): void {
    const total = this.all.reduce((sum, { unread }) => sum + unread, 0);
    document.title = total === 0 ? TITLE : `(${total}) ${TITLE}`;
    this.#total.hidden = total === 0;
    this.#total.textContent = `${total}`;
    if (total === 0) {
      this.notify("");
    }
  }
}
