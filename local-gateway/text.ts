/** Text of at most `width` characters: what does not fit is replaced by one `…`. */
export function cutText(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : text;
}

/** Characters that would move the cursor, change colours or hide what they stand between. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Makes text from any source fit for one line of a terminal: invisible characters are written as escapes. */
export function printable(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return character === "\n" ? "\\n" : `\\u{${code.toString(16)}}`;
  });
}
