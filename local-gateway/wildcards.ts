/**
 * True when `pattern` matches `text`: `*` stands for any number of characters, including `/` and `:`, `?` for exactly
 * one, and every other character for itself. Takes at most as many steps as the product of the two lengths.
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
      // Only the last star has to be tried again: it can match whatever an earlier one would.
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
