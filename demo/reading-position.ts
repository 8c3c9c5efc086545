import { createElement } from "./elements.ts";

/** How far from the end the reader may be for the conversation to scroll along, in pixels. */
const NEAR_THE_END = 80;

/** Where the reader is: at the end of the conversation, which then scrolls along, or further up, with a count of what is new. */
export class ReadingPosition {
  readonly #scroll: HTMLElement;
  readonly #button: HTMLButtonElement;
  #isAtEnd = true;
  #unread = 0;

  /** The element that scrolls, the list in it, and the button that leads to the end. */
  constructor(scroll: HTMLElement, list: HTMLElement, button: HTMLButtonElement) {
    this.#scroll = scroll;
    this.#button = button;
    scroll.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = scroll;
      if (clientHeight === 0) {
        // Another conversation shows. The reader has not moved in this one.
        return;
      }
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
      if (this.#isAtEnd && this.#unread > 0) {
        this.#showUnread(0);
      }
    });
    const observer = new ResizeObserver(() => this.#follow());
    observer.observe(scroll);
    observer.observe(list);
    button.addEventListener("click", () => {
      this.goToEnd();
      scroll.focus();
    });
  }

  /** Another message stands at the end. */
  addUnread(): void {
    if (!this.#isAtEnd) {
      this.#showUnread(this.#unread + 1);
    }
  }

  /** Leads to the end, to stay there. */
  goToEnd(): void {
    this.#isAtEnd = true;
    this.#showUnread(0);
    this.#follow();
  }

  #showUnread(unread: number): void {
    this.#unread = unread;
    const arrow = createElement("span", "", "↓ ");
    arrow.ariaHidden = "true";
    this.#button.replaceChildren(arrow, `${unread} new ${unread === 1 ? "message" : "messages"}`);
    this.#button.hidden = unread === 0;
  }

  #follow(): void {
    if (this.#isAtEnd) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
  }
}
