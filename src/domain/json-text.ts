/** `value` as JSON; undefined if it is nested so deeply that writing it would overflow the stack. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.stringify recurses into nesting that JSON.parse, which does not, has read without trouble.
    return undefined;
  }
}
