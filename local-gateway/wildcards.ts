/**
 * True when `text` is what `pattern` describes: `*` stands for any number of characters, `/` and `:` too, `?` for
 * exactly one, and every other character for itself. Takes at most the product of the two lengths, whatever they are.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let starPosition = 0;
  while (position < text.length) {
    if (pattern[at] === "*") {
      star = at;
      starPosition = position;
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === text[position]) {
      at += 1;
      position += 1;
    } else if (star !== -1) {
      // Only the last star has to be tried again: what an earlier one would take, the last one can take as well.
      starPosition += 1;
      position = starPosition;
      at = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") {
    at += 1;
  }
  return at === pattern.length;
}
