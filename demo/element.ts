/** The element of the page with this id. Throws when there is none, or it is of another type. */
export function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} #${id}.`);
  }
  return found;
}
