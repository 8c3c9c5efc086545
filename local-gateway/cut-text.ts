/** Text of at most `width` characters: what does not fit is replaced by one `…`. */
export function cutText(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : text;
}
