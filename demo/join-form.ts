import { element } from "./element.ts";
import type { PageDefaults } from "./page-defaults.ts";

/** What somebody joins with. */
export interface Joining {
  readonly url: string;
  readonly user: string;
  readonly channel: string | undefined;
  readonly token: string | undefined;
}

/** The form that asks for a name and a channel. */
export class JoinForm {
  readonly #form = element("join", HTMLFormElement);
  readonly #problem = element("join-problem", HTMLParagraphElement);
  readonly #user = element("user", HTMLInputElement);

  constructor(defaults: PageDefaults, onJoin: (joining: Joining) => void) {
    const channel = element("channel", HTMLInputElement);
    const url = element("url", HTMLInputElement);
    const token = element("token", HTMLInputElement);
    this.#user.value = defaults.user;
    channel.value = defaults.channel;
    url.value = defaults.url;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onJoin({
        url: url.value,
        user: this.#user.value.trim(),
        channel: channel.value.trim() || undefined,
        token: token.value || undefined,
      });
    });
    const more = element("more", HTMLDetailsElement);
    more.open = defaults.isNamed;
    // A field that is wrong but folded away could not be pointed at.
    url.addEventListener("invalid", () => {
      more.open = true;
    });
  }

  /** Shows the form, with what went wrong if anything did. */
  show(problem = ""): void {
    this.#problem.textContent = problem;
    this.#problem.hidden = problem === "";
    this.#form.hidden = false;
    this.#user.focus();
  }

  hide(): void {
    this.#form.hidden = true;
  }
}
