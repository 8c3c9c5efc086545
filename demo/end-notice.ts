import { element } from "./elements.ts";

/** Says that the user is not connected any more, or not in the channel that shows; and a button that changes that. */
export class EndNotice {
  readonly #notice = element("end", HTMLDivElement);
  readonly #text = element("end-text", HTMLParagraphElement);
  readonly #button = element("again", HTMLButtonElement);

  constructor(onAgain: () => void) {
    this.#button.addEventListener("click", onAgain);
  }

  /** An empty text hides the notice. */
  show(text: string, button: string): void {
    this.#notice.hidden = text === "";
    this.#text.textContent = text;
    this.#button.textContent = button;
  }
}
