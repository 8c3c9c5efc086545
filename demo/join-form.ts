import { element } from "./element.ts";
import type { PageDefaults } from "./page-defaults.ts";

/** What somebody joins with. */
export interface Joining {
  readonly url: string;
  readonly user: string;
  readonly channel: string | undefined;
  readonly token: string | undefined;
}

/** Who is told what somebody does with the form. */
export interface JoinFormOwner {
  join(joining: Joining): void;
  /** Nobody wants to wait for the connection any longer. */
  cancel(): void;
}

/** The form that asks for a name and a channel, and that waits for the first connection. */
export class JoinForm {
  readonly #form = element("join", HTMLFormElement);
  readonly #problem = element("join-problem", HTMLParagraphElement);
  readonly #fields = element("join-fields", HTMLFieldSetElement);
  readonly #button = element("join-button", HTMLButtonElement);
  readonly #joining = element("joining", HTMLDivElement);
  readonly #more = element("more", HTMLDetailsElement);
  readonly #cancel = element("cancel", HTMLButtonElement);
  readonly #user = element("user", HTMLInputElement);

  constructor(defaults: PageDefaults, owner: JoinFormOwner) {
    const channel = element("channel", HTMLInputElement);
    const url = element("url", HTMLInputElement);
    const token = element("token", HTMLInputElement);
    this.#user.value = defaults.user;
    channel.value = defaults.channel;
    url.value = defaults.url;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      owner.join({
        url: url.value,
        user: this.#user.value.trim(),
        channel: channel.value.trim() || undefined,
        token: token.value || undefined,
      });
    });
    this.#cancel.addEventListener("click", () => owner.cancel());
    this.#more.open = defaults.isNamed;
    // A field that is wrong but folded away could not be pointed at.
    url.addEventListener("invalid", () => {
      this.#more.open = true;
    });
  }

  /** Shows the form, with what went wrong if anything did. */
  show(problem = ""): void {
    this.#problem.textContent = problem;
    this.#problem.hidden = problem === "";
    this.#form.hidden = false;
    this.#block(false);
    if (problem === "") {
      this.#user.focus();
    } else {
      // The address and the token may be the cause; the button tries again.
      this.#more.open = true;
      this.#button.focus();
    }
  }

  /** Says that a connection is on its way, and offers to give it up. */
  wait(): void {
    this.#problem.hidden = true;
    this.#block(true);
    this.#cancel.focus();
  }

  hide(): void {
    this.#form.hidden = true;
  }

  #block(isBlocked: boolean): void {
    this.#fields.disabled = isBlocked;
    this.#button.hidden = isBlocked;
    this.#joining.hidden = !isBlocked;
  }
}
