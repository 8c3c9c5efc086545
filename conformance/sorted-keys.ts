/** The names of an object's members, sorted; none when there is no object. */
export function sortedKeys(value: object = {}): string[] {
  return Object.keys(value).sort();
}
