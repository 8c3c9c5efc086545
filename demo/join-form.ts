import { element } from "./elements.ts";
import type { PageDefaults } from "./page-defaults.ts";
import type { Problem } from "./problem.ts";

/** What somebody joins with. */
export interface Joining {
  readonly url: string;
  readonly user: string;
  readonly channel: string | undefined;
  readonly token: string | undefined;
}

/** Receives what the user does with the form. */
export interface JoinFormOwner {
  join(joining: Joining): void;
  /** The user does not want to wait for the connection any longer. */
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
  readonly #inputs = {
    user: element("user", HTMLInputElement),
    channel: element("channel", HTMLInputElement),
    url: element("url", HTMLInputElement),
    token: element("token", HTMLInputElement),
  };

  constructor(defaults: PageDefaults, owner: JoinFormOwner) {
    const { user, channel, url, token } = this.#inputs;
    user.value = defaults.user;
    channel.value = defaults.channel;
    url.value = defaults.url;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      owner.join({
        url: url.value,
        user: user.value.trim(),
        channel: channel.value.trim() || undefined,
        token: token.value.trim() || undefined,
      });
    });
    this.#cancel.addEventListener("click", () => owner.cancel());
    this.#more.open = defaults.isNamed;
    // A field that is wrong but folded away could not be pointed at.
    for (const folded of [url, token]) {
      folded.addEventListener("invalid", () => {
        this.#more.open = true;
      });
    }
  }

  /** Shows the form, with what went wrong if anything did, and where. */
  show(problem?: Problem): void {
    this.#showProblem(problem);
    this.#form.hidden = false;
    this.#block(false);
    if (problem) {
      this.#pointTo(problem);
    } else {
      this.#inputs.user.focus();
    }
  }

  /** Says that a connection is on its way, and offers to give it up. */
  wait(): void {
    this.#showProblem();
    this.#block(true);
    this.#cancel.focus();
  }

  hide(): void {
    this.#form.hidden = true;
  }

  #showProblem({ text, field }: Partial<Problem> = {}): void {
    this.#problem.textContent = text ?? "";
    this.#problem.hidden = text === undefined;
    for (const [name, input] of Object.entries(this.#inputs)) {
      input.ariaInvalid = name === field ? "true" : null;
    }
  }

  #pointTo({ field }: Problem): void {
    if (field !== "user" && field !== "channel") {
      this.#more.open = true;
    }
    // Where no field is at fault for sure, the button tries again.
    (field ? this.#inputs[field] : this.#button).focus();
  }

  #block(isBlocked: boolean): void {
    this.#fields.disabled = isBlocked;
    this.#button.hidden = isBlocked;
    this.#joining.hidden = !isBlocked;
  }
}
