/** The longest id that a sender may give to its message, in code points. */
const LONGEST_ID = 128;

/** Whether `value` can be a sender's own name for a message: a text of 1 to 128 characters. */
export function isMessageId(value: unknown): value is string {
  if (typeof value !== "string" || value === "") {
    return false;
  }
  // A code point is one or two units long: this spares counting them in a very long id.
  return value.length <= 2 * LONGEST_ID && [...value].length <= LONGEST_ID;
}
