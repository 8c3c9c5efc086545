/** The element of the page with this id. Throws when there is none, or it is of another type. */
export function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} #${id}.`);
  }
  return found;
}

/**
 * A new element with a class and children. Texts become text nodes, so nothing that anybody wrote is ever read as
 * HTML.
 */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  created.className = className;
  created.append(...children);
  return created;
}

/** A name of any script, which may be cut off where space is short; its title has all of it. */
export function nameElement(name: string): HTMLElement {
  const shown = createElement("bdi", "", name);
  shown.title = name;
  return shown;
}

/** Changes a line that screen readers read out: the same is not put there again. */
export function say(line: HTMLElement, text: string): void {
  if (line.textContent !== text) {
    line.textContent = text;
  }
}

/** Keeps a form from being sent until something else is in the field, and says why. */
export function rejectField(field: HTMLInputElement | HTMLTextAreaElement, sentence: string): void {
  field.setCustomValidity(sentence);
  field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  field.reportValidity();
}

const FORMATS = {
  minutes: new Intl.DateTimeFormat(undefined, { timeStyle: "short" }),
  seconds: new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }),
} as const;
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** The time of day where the reader is; the date shows on hovering. */
export function timeElement(date: Date, precision: keyof typeof FORMATS): HTMLTimeElement {
  const time = createElement("time", "time", FORMATS[precision].format(date));
  time.dateTime = date.toISOString();
  time.title = WHOLE.format(date);
  return time;
}
