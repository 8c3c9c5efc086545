import { createElement } from "./create-element.ts";

/** A name of any script, which may be cut off where there is no room; its title has all of it. */
export function nameElement(name: string): HTMLElement {
  const shown = createElement("bdi", "", name);
  shown.title = name;
  return shown;
}
