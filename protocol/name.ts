const LONGEST_NAME = 64;
/** How many code units can become one code point under NFC: four code points at most, each of one or two units. */
const UNITS_FOR_ONE = 8;
const NAME = new RegExp(`^[\\p{L}\\p{M}\\p{Nd}_.@:+|-]{1,${LONGEST_NAME}}$`, "u");

/**
 * Reads the name of a user or a channel: 1 to 64 letters, marks and digits of any script, and `_ . @ : + - |`.
 * Returns it in Unicode's normal form C, so that two spellings of the same letters are one name; undefined for
 * whatever is no name.
 */
export function parseName(value: unknown): string | undefined {
  // Normalising takes time, which a hostile text of any length must not get.
  if (typeof value !== "string" || value.length > LONGEST_NAME * UNITS_FOR_ONE) {
    return undefined;
  }
  const name = value.normalize("NFC");
  return NAME.test(name) ? name : undefined;
}
