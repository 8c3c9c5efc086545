import { createElement } from "./create-element.ts";
import { element } from "./element.ts";

/** How far from the end the reader may be and still be taken along, in pixels. */
const NEAR_THE_END = 80;

/** Where the reader is: at the end of the conversation, and taken along, or further up, and told what is new. */
export class ReadingPosition {
  readonly #scroll = element("scroll", HTMLDivElement);
  readonly #button = element("newer", HTMLButtonElement);
  #isAtEnd = true;
  #unread = 0;

  constructor() {
    this.#scroll.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
      if (this.#isAtEnd && this.#unread > 0) {
        this.#tell(0);
      }
    });
    const observer = new ResizeObserver(() => this.#follow());
    observer.observe(this.#scroll);
    observer.observe(element("messages", HTMLOListElement));
    this.#button.addEventListener("click", () => {
      this.goToEnd();
      this.#scroll.focus();
    });
  }

  /** Another message stands at the end. */
  addUnread(): void {
    if (!this.#isAtEnd) {
      this.#tell(this.#unread + 1);
    }
  }

  /** Leads to the end, to stay there. */
  goToEnd(): void {
    this.#isAtEnd = true;
    this.#tell(0);
    this.#follow();
  }

  #tell(unread: number): void {
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
