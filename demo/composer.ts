import { element, rejectField } from "./elements.ts";

/** To whom a message of the page goes: always in an envelope, so that receivers see the sender. */
export type Recipient =
  | { readonly channel: string }
  | { readonly user: string }
  | { readonly connection: string };

/** Receives what the user does with the composer. */
export interface ComposerOwner {
  send(to: Recipient, text: string): void;
  /** The user does not want to write to a single user or connection any more. */
  back(): void;
}

const LABELS: Readonly<Record<string, string>> = {
  user: "Name of the user",
  connection: "Connection id",
};

/** Browsers say so of a key that an input method takes, also of the Enter that ends a composition in Safari. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Where a message of any number of lines is written, to everyone in a channel or to a single user or connection. Enter
 * sends, with Shift it begins a new line. Escape leads from single recipients back.
 */
export class Composer {
  readonly #to = element("to", HTMLDivElement);
  readonly #kind = element("to-kind", HTMLSelectElement);
  readonly #name = element("to-name", HTMLInputElement);
  readonly #label = element("to-label", HTMLLabelElement);
  readonly #message = element("message", HTMLTextAreaElement);
  readonly #button = element("send", HTMLButtonElement);
  /** What has been begun in conversations that do not show, by channel. */
  readonly #drafts = new Map<string | undefined, string>();
  #channel: string | undefined;

  constructor(owner: ComposerOwner) {
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
      if (key === "Escape" && this.#channel === undefined) {
        owner.back();
      } else if (key === "Enter" && !shiftKey) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const blank = [this.#name, this.#message].find(isBlank);
      if (this.#message.readOnly) {
        return;
      }
      if (blank) {
        rejectField(blank, "There are only spaces here.");
        return;
      }
      owner.send(this.#recipient(), this.#message.value);
      this.#write("");
      this.#message.focus();
    });
  }

  /** Forgets what was begun. */
  reset(): void {
    this.#drafts.clear();
    this.#channel = undefined;
    this.#kind.value = "user";
    this.#name.value = "";
    this.#write("");
  }

  /** Writes to everyone in the channel, or without one to a user or a connection; what was begun there is in the field again. */
  show(channel: string | undefined): void {
    this.#drafts.set(this.#channel, this.#message.value);
    this.#channel = channel;
    this.#message.placeholder =
      channel === undefined ? "Write a message" : `Write to everyone in ${channel}`;
    this.#to.hidden = channel !== undefined;
    this.#update();
    this.#write(this.#drafts.get(channel) ?? "");
    this.#message.focus();
  }

  /** Forgets what was begun in a channel. */
  forget(channel: string | undefined): void {
    this.#drafts.delete(channel);
    if (channel === this.#channel) {
      this.#write("");
    }
  }

  /** Whether messages may be sent. What stands in the field stays there. */
  allow(isAllowed: boolean): void {
    this.#message.readOnly = this.#button.disabled = !isAllowed;
  }

  /** Addresses the next message to a single user or connection. */
  address(to: Recipient): void {
    const [[kind, name] = ["", ""]] = Object.entries(to);
    this.#kind.value = kind;
    this.#update();
    this.#name.value = name;
    this.#message.focus();
  }

  /**
   * Puts a message that cannot be sent back into the field, to be changed, and says why. Returns false, and does nothing,
   * if the field is already used for something else.
   */
  giveBack(to: Recipient, text: string, reason: string): boolean {
    const channel = "channel" in to ? to.channel : undefined;
    if (channel !== this.#channel || this.#message.value !== "") {
      return false;
    }
    this.#write(text);
    rejectField(this.#message, reason);
    return true;
  }

  #write(text: string): void {
    this.#message.value = text;
    // What an earlier text left behind must not keep this one back.
    this.#message.setCustomValidity("");
    this.#fit();
  }

  /** Makes the field as high as its text; the style has the limit. */
  #fit(): void {
    const { style, offsetHeight, clientHeight } = this.#message;
    style.height = "auto";
    style.height = `${this.#message.scrollHeight + offsetHeight - clientHeight}px`;
  }

  #recipient(): Recipient {
    if (this.#channel !== undefined) {
      return { channel: this.#channel };
    }
    const name = this.#name.value.trim();
    return this.#kind.value === "user" ? { user: name } : { connection: name };
  }

  #update(): void {
    const label = LABELS[this.#kind.value] ?? "";
    this.#label.textContent = this.#name.placeholder = label;
    this.#name.required = this.#channel === undefined;
    // What an earlier choice left behind must not keep a message back.
    this.#name.setCustomValidity("");
  }
}

function isBlank({ required, value }: HTMLInputElement | HTMLTextAreaElement): boolean {
  return required && value.trim() === "";
}
