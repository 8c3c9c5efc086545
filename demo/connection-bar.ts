import type { StateChange } from "../client/index.ts";
import { element, say } from "./elements.ts";

const STATES = {
  connecting: "Connecting…",
  open: "Connected",
  reconnecting: "Reconnecting…",
  closed: "Not connected",
} as const;

/** How long the copy button says that it has done its work, in milliseconds. */
const SAID = 2_000;

/** The connection: its state, the reason for trouble, and the own connection id to copy. */
export class ConnectionBar {
  readonly #bar = element("connection", HTMLParagraphElement);
  readonly #state = element("connection-state", HTMLSpanElement);
  readonly #trouble = element("trouble", HTMLParagraphElement);
  /** The same in the form that waits for the first connection. */
  readonly #joiningTrouble = element("joining-trouble", HTMLParagraphElement);
  readonly #own = element("own-connection", HTMLParagraphElement);
  readonly #id = element("own-id", HTMLElement);

  /** The client's reason for the trouble, if there is any. */
  #reason = "";

  constructor() {
    // An open WebSocket does not notice for minutes.
    for (const event of ["offline", "online"]) {
      addEventListener(event, () => this.#showTrouble(event === "offline"));
    }
    const button = element("copy", HTMLButtonElement);
    const label = [...button.childNodes];
    button.addEventListener("click", async () => {
      button.textContent = (await this.#copy()) ? "Copied" : "Press Ctrl+C";
      setTimeout(() => button.replaceChildren(...label), SAID);
    });
  }

  show({ state, reason, connectionId }: StateChange): void {
    // The first attempt is not trouble yet.
    const isTrouble =
      state === "reconnecting" || (state === "connecting" && this.#bar.dataset.state === state);
    this.#reason = isTrouble ? reason : "";
    this.#bar.dataset.state = state;
    this.#state.textContent = STATES[state];
    this.#own.hidden = connectionId === undefined;
    this.#id.textContent = connectionId ?? "";
    // A relay on this very machine is reached without a network.
    this.#showTrouble(isTrouble && !navigator.onLine);
  }

  #showTrouble(isOffline: boolean): void {
    const { state } = this.#bar.dataset;
    const text = isOffline ? "Your device is offline." : this.#reason;
    say(this.#joiningTrouble, state === "connecting" ? text : "");
    say(this.#trouble, state === "open" || state === "reconnecting" ? text : "");
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
