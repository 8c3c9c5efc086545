/** The element of the page with this id. Throws when there is none, or it is of another type. */
export function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} #${id}.`);
  }
  return found;
}

/** A new element with a class and children. Texts become text nodes: nothing that is shown is ever read as HTML. */
export function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  created.className = className;
  created.append(...children);
  return created;
}

/** A button that does something. */
export function button(label: string, onClick: () => void): HTMLButtonElement {
  const created = create("button", "", label);
  created.type = "button";
  created.addEventListener("click", onClick);
  return created;
}

/** Lets a screen reader say what came of something that the user has done. */
export function announce(text: string): void {
  element("announcement", HTMLElement).textContent = text;
}

/** A time of day with milliseconds, where the reader is. */
export function clockTime(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}

/** The beginning of a connection id, as the console has it, too. */
export function shortId(connectionId: string): string {
  return connectionId.slice(0, 8);
}

/** A duration in milliseconds. */
export function inMilliseconds(duration: number): string {
  return duration < 10 ? `${duration.toFixed(1)} ms` : `${Math.round(duration)} ms`;
}

/** A size in bytes. */
export function inBytes(size: number): string {
  return size < 1_000 ? `${size} B` : `${(size / 1_000).toFixed(1)} KB`;
}
