import type { Channel, PresenceChange } from "../client/index.ts";
import type { Recipient } from "./composer.ts";
import { createElement, timeElement } from "./elements.ts";
import { recipientButton } from "./message-element.ts";

const COLLATOR = new Intl.Collator();

/** Which users are in a channel. Each is a button to write to them alone; connections without a user are not shown. */
export class People {
  readonly element = createElement("div", "people");
  readonly #state = createElement("p", "hint");
  readonly #list = createElement("ul", "");
  readonly #update = createElement("button", "quiet", "Update");
  /** In the order of the list: the own one, and then by the alphabet. */
  readonly #users: string[] = [];
  readonly #own: string;
  readonly #onAnswer: (to: Recipient) => void;
  /** The channel to ask, where the relay does not say who comes and goes. */
  #channel: Channel | undefined;

  /** `own` is the user of this page. */
  constructor(own: string, onAnswer: (to: Recipient) => void) {
    this.#own = own;
    this.#onAnswer = onAnswer;
    // A screen reader reads out how many there are: all the names that come and go would be too much.
    this.#state.role = "status";
    this.#update.type = "button";
    this.#update.addEventListener("click", () => this.#ask());
    this.element.append(this.#state, this.#list, this.#update);
    this.clear();
  }

  /** It is not known who is here. */
  clear(): void {
    this.#channel = undefined;
    this.#empty();
    this.#state.textContent = "Not known";
    this.#update.hidden = true;
  }

  /** Somebody has come or gone. */
  change({ event, user }: PresenceChange): void {
    if (event === "joined") {
      this.#add(user);
    } else {
      this.#remove(user);
    }
    this.#showCount();
  }

  /** The relay does not say who comes and goes in this channel: asks now, and whenever the user wants to know. */
  askOnly(channel: Channel): void {
    this.#channel = channel;
    this.#update.hidden = false;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const channel = this.#channel;
    const users: string[] = [];
    let problem = "";
    try {
      for await (const { user } of channel?.members() ?? []) {
        users.push(...(user === undefined ? [] : [user]));
      }
    } catch (error) {
      problem = (error as Error).message;
    }
    if (channel === undefined || channel !== this.#channel) {
      return;
    }
    this.#empty();
    if (problem !== "") {
      this.#state.textContent = `Not known: ${problem}`;
      return;
    }
    for (const user of users) {
      this.#add(user);
    }
    this.#showCount(" at ", timeElement(new Date(), "seconds"));
  }

  #add(user: string): void {
    const place = this.#placeOf(user);
    if (this.#users[place] === user) {
      return;
    }
    const item = createElement("li", "", recipientButton(user, { user }, this.#onAnswer));
    if (user === this.#own) {
      item.append(createElement("span", "hint", "(you)"));
    }
    this.#list.insertBefore(item, this.#list.children[place] ?? null);
    this.#users.splice(place, 0, user);
  }

  #remove(user: string): void {
    const place = this.#placeOf(user);
    if (this.#users[place] === user) {
      this.#list.children[place]?.remove();
      this.#users.splice(place, 1);
    }
  }

  #empty(): void {
    this.#list.replaceChildren();
    this.#users.length = 0;
  }

  /** Where the user is in the list, or would be: a channel may have thousands. */
  #placeOf(user: string): number {
    let place = 0;
    for (let end = this.#users.length; place < end; ) {
      const middle = (place + end) >> 1;
      if (this.#compare(this.#users[middle] ?? "", user) < 0) {
        place = middle + 1;
      } else {
        end = middle;
      }
    }
    return place;
  }

  #compare(one: string, other: string): number {
    // Names that differ may be equal to the collator.
    return (
      Number(other === this.#own) - Number(one === this.#own) ||
      COLLATOR.compare(one, other) ||
      Number(one > other) - Number(one < other)
    );
  }

  #showCount(...when: (Node | string)[]): void {
    const { length } = this.#users;
    this.#state.replaceChildren(`${length} ${length === 1 ? "person" : "people"}`, ...when);
  }
}
