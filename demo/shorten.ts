/** How many characters of one text the page shows: enough to read, too few to hold it up. */
const SHOWN = 4_000;

/** The text as far as the page shows it, and how much more there is. */
export function shorten(text: string): string {
  if (text.length <= SHOWN) {
    return text;
  }
  // Half of a character that takes two units would show as a question mark.
  const shown = text.slice(0, SHOWN).replace(/[\uD800-\uDBFF]$/, "");
  return `${shown}… (${text.length - shown.length} more characters)`;
}
