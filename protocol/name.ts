/** The rule for names, to be put into a sentence: "A name has …". */
export const NAME_RULE = '1 to 64 letters, digits and "_", ".", "@", ":", "+", "-" or "|"';

const NAME = /^[\p{L}\p{M}\p{Nd}_.@:+|-]{1,64}$/u;
/** The longest text that can be a name, in code units. Under NFC one code point can come of four at most, each of two. */
const MAX_UNITS = 64 * 8;

/**
 * Reads the name of a user, a channel or a service: 1 to 64 letters, marks and digits of any script, and
 * `_ . @ : + - |`. Returns it in Unicode's normal form C, so that two spellings of the same letters are one name;
 * undefined for anything that is not a valid name.
 */
export function parseName(value: unknown): string | undefined {
  // Normalising takes time, which a hostile text of any length must not get.
  if (typeof value !== "string" || value.length > MAX_UNITS) {
    return undefined;
  }
  const name = value.normalize("NFC");
  return NAME.test(name) ? name : undefined;
}
