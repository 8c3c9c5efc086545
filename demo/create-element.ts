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
