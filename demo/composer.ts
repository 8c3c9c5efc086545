import { element } from "./element.ts";
import type { Recipient } from "./recipient.ts";

const LABELS: Readonly<Record<string, string>> = {
  user: "Name of the user",
  connection: "Connection id",
};

/** Where a message is written, and to whom. Escape leads from one recipient back to everyone in the channel. */
export class Composer {
  readonly #kind = element("to-kind", HTMLSelectElement);
  readonly #channelOption = element("to-channel", HTMLOptionElement);
  readonly #name = element("to-name", HTMLInputElement);
  readonly #label = element("to-label", HTMLLabelElement);
  readonly #message = element("message", HTMLInputElement);
  #channel = "";

  constructor(onSend: (to: Recipient, text: string) => void) {
    this.#kind.addEventListener("change", () => {
      this.#name.value = "";
      this.#update();
    });
    this.#message.addEventListener("keydown", ({ key, isComposing }) => {
      if (key === "Escape" && !isComposing && this.#channel !== "") {
        this.#kind.value = "channel";
        this.#update();
      }
    });
    element("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const blank = [this.#name, this.#message].find(isBlank);
      if (blank) {
        refuse(blank, "There are only spaces here.");
        return;
      }
      onSend(this.#recipient(), this.#message.value);
      this.#message.value = "";
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
    this.#message.value = "";
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
    this.#message.value = text;
    refuse(this.#message, reason);
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

function isBlank({ required, value }: HTMLInputElement): boolean {
  return required && value.trim() === "";
}

/** Keeps the form from being sent until something else is in the field, and says why. */
function refuse(field: HTMLInputElement, sentence: string): void {
  field.setCustomValidity(sentence);
  field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  field.reportValidity();
}
