import { MAX_NAME_LENGTH } from "./limits.ts";

/** The rule for names, to be put into a sentence: "A name has …". */
export const NAME_RULE = `1 to ${MAX_NAME_LENGTH} letters, digits and "_", ".", "@", ":", "+", "-" or "|"`;

const NAME = new RegExp(`^[\\p{L}\\p{M}\\p{Nd}_.@:+|-]{1,${MAX_NAME_LENGTH}}$`, "u");

/**
 * Reads the name of a user, a channel or a service: 1 to 64 letters, marks and digits of any script, and
 * `_ . @ : + - |`. Returns it in Unicode's normal form C, so that two spellings of the same letters are one name;
 * undefined for anything that is not a valid name.
 */
export function parseName(value: unknown): string | undefined {
  // Normalising takes time, which a hostile text of any length must not get. Under NFC one code point can come of four at
  // most, each of one or two code units.
  if (typeof value !== "string" || value.length > MAX_NAME_LENGTH * 8) {
    return undefined;
  }
  const name = value.normalize("NFC");
  return NAME.test(name) ? name : undefined;
}
