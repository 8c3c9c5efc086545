import { shorten } from "./shorten.ts";

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
