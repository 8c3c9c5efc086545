import type { StateChange } from "../client/index.ts";
import { element } from "./element.ts";

const STATES = {
  connecting: "Connecting…",
  open: "Connected",
  reconnecting: "Reconnecting…",
  closed: "Not connected",
} as const;

/** How long the copy button says that it has done its work, in milliseconds. */
const SAID = 2_000;

/** How things stand with the connection: the state, the reason for trouble, and the own connection id to copy. */
export class ConnectionBar {
  readonly #bar = element("connection", HTMLParagraphElement);
  readonly #state = element("connection-state", HTMLSpanElement);
  readonly #trouble = element("trouble", HTMLParagraphElement);
  /** The same in the form that waits for the first connection. */
  readonly #joiningTrouble = element("joining-trouble", HTMLParagraphElement);
  readonly #own = element("own-connection", HTMLSpanElement);
  readonly #id = element("own-id", HTMLElement);

  constructor() {
    const button = element("copy", HTMLButtonElement);
    const label = [...button.childNodes];
    button.addEventListener("click", async () => {
      button.textContent = (await this.#copy()) ? "Copied" : "Press Ctrl+C";
      setTimeout(() => button.replaceChildren(...label), SAID);
    });
  }

  show({ state, reason, connectionId }: StateChange): void {
    // The first attempt is no trouble yet.
    const isAgain = this.#bar.dataset.state === state;
    this.#joiningTrouble.textContent = state === "connecting" && isAgain ? reason : "";
    this.#trouble.textContent = state === "reconnecting" ? reason : "";
    this.#bar.dataset.state = state;
    this.#state.textContent = STATES[state];
    this.#own.hidden = connectionId === undefined;
    this.#id.textContent = connectionId ?? "";
  }

  /** Where a page may not write to the clipboard, for want of https, the id is selected instead. */
  async #copy(): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(this.#id.textContent ?? "");
      return true;
    } catch {
      getSelection()?.selectAllChildren(this.#id);
      return false;
    }
  }
}
