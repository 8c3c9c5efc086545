/** One letter of so many may be wrong. */
const LETTERS_FOR_A_MISTAKE = 3;

/** `; did you mean NAME?` with the name that resembles a mistyped one most; empty when none resembles it. */
export function suggest(mistyped: string, names: Iterable<string>): string {
  let closest = "";
  let least = Math.floor(mistyped.length / LETTERS_FOR_A_MISTAKE) + 1;
  for (const name of names) {
    const distance = editDistance(mistyped.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      closest = name;
      least = distance;
    }
  }
  return closest === "" ? "" : `; did you mean ${closest}?`;
}

/** How many letters have to be added, removed or replaced to turn one name into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
