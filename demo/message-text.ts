/** How long JSON may be, in characters, to be laid out in lines, and how long it may become by that. */
const COMPACT = 1_000;
const LAID_OUT = 4_000;

/** What there is to read in a message: its text, or all of it as JSON when it comes from another kind of client. */
export function messageText(data: unknown): string {
  const text = typeof data === "object" && data !== null && "text" in data ? data.text : data;
  return shorten(typeof text === "string" ? text : json(data));
}

function json(data: unknown): string {
  let compact: string;
  try {
    compact = JSON.stringify(data);
  } catch {
    // JSON.parse reads what is nested more deeply than JSON.stringify can write.
    return "This message is nested too deeply to be shown.";
  }
  // Indentation grows with the square of the depth: 32 KB could become gigabytes.
  if (compact.length > COMPACT) {
    return compact;
  }
  const laidOut = JSON.stringify(data, null, 2);
  return laidOut.length > LAID_OUT ? compact : laidOut;
}

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
