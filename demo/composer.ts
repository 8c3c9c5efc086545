import { element } from "./elements.ts";

/** To whom a message of the page goes: always in an envelope, so that receivers see the sender. */
export type Recipient =
  | { readonly channel: string }
  | { readonly user: string }
  | { readonly connection: string };

const LABELS: Readonly<Record<string, string>> = {
  user: "Name of the user",
  connection: "Connection id",
};

/** Browsers say so of a key that an input method takes, also of the Enter that ends a composition in Safari. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Where a message of any number of lines is written, and to whom. Enter sends, with Shift it begins a new line. Escape
 * leads from one recipient back to everyone in the channel.
 */
export class Composer {
  readonly #kind = element("to-kind", HTMLSelectElement);
  readonly #channelOption = element("to-channel", HTMLOptionElement);
  readonly #name = element("to-name", HTMLInputElement);
  readonly #label = element("to-label", HTMLLabelElement);
  readonly #message = element("message", HTMLTextAreaElement);
  #channel = "";

  constructor(onSend: (to: Recipient, text: string) => void) {
    this.#kind.addEventListener("change", () => {
      this.#name.value = "";
      this.#update();
    });
    const form = element("composer", HTMLFormElement);
    this.#message.addEventListener("input", () => this.#fit());
    // Another width makes other lines.
    addEventListener("resize", () => this.#fit());
    this.#message.addEventListener("keydown", (event) => {
      const { key, isComposing, keyCode, shiftKey } = event;
      if (isComposing || keyCode === TAKEN_BY_INPUT_METHOD) {
        return;
      }
      if (key === "Escape" && this.#channel !== "") {
        this.#kind.value = "channel";
        this.#update();
      } else if (key === "Enter" && !shiftKey) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const blank = [this.#name, this.#message].find(isBlank);
      if (blank) {
        reject(blank, "There are only spaces here.");
        return;
      }
      onSend(this.#recipient(), this.#message.value);
      this.#write("");
      this.#message.focus();
    });
  }

  /** Begins with everyone in the channel; without one there are only users and connections. */
  reset(channel: string | undefined): void {
    this.#channel = channel ?? "";
    this.#channelOption.textContent = `Everyone in ${channel}`;
    this.#channelOption.hidden = this.#channelOption.disabled = channel === undefined;
    this.#kind.value = channel === undefined ? "user" : "channel";
    this.#name.value = "";
    this.#write("");
    this.#update();
    this.#message.focus();
  }

  /** Addresses the next message. */
  address(to: Recipient): void {
    const [[kind, name] = ["", ""]] = Object.entries(to);
    this.#kind.value = kind;
    this.#update();
    this.#name.value = name;
    this.#message.focus();
  }

  /** Puts a message that cannot be sent back into the field, to be changed, and says why. */
  giveBack(text: string, reason: string): void {
    this.#write(text);
    reject(this.#message, reason);
  }

  #write(text: string): void {
    this.#message.value = text;
    this.#fit();
  }

  /** Makes the field as high as its text; the style has the limit. */
  #fit(): void {
    const { style, offsetHeight, clientHeight } = this.#message;
    style.height = "auto";
    style.height = `${this.#message.scrollHeight + offsetHeight - clientHeight}px`;
  }

  #recipient(): Recipient {
    const name = this.#name.value.trim();
    switch (this.#kind.value) {
      case "user":
        return { user: name };
      case "connection":
        return { connection: name };
      default:
        return { channel: this.#channel };
    }
  }

  #update(): void {
    const label = LABELS[this.#kind.value] ?? "";
    this.#label.textContent = this.#name.placeholder = label;
    this.#name.hidden = label === "";
    this.#label.hidden = this.#name.hidden;
    this.#name.required = !this.#name.hidden;
    // What an earlier choice left behind must not keep a message back.
    this.#name.setCustomValidity("");
  }
}

function isBlank({ required, value }: HTMLInputElement | HTMLTextAreaElement): boolean {
  return required && value.trim() === "";
}

/** Keeps the form from being sent until something else is in the field, and says why. */
function reject(field: HTMLInputElement | HTMLTextAreaElement, sentence: string): void {
  field.setCustomValidity(sentence);
  field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  field.reportValidity();
}
