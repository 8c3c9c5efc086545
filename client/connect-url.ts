/** The relay's rule for names, in Unicode's normal form C; a browser would only learn that it was refused. */
const NAME = /^[\p{L}\p{M}\p{Nd}_.@:+|-]{1,64}$/u;

/**
 * The URL to connect to, with the names as its query. Throws a TypeError when no WebSocket could have the URL, and a
 * RangeError when a name is not 1 to 64 letters, marks, digits and `_ . @ : + - |`.
 */
export function connectUrl(
  url: string | URL,
  names: Readonly<Record<string, string | undefined>>,
): string {
  const result = new URL(url);
  // A bare # is a fragment, too, of which result.hash would not tell.
  if (!/^wss?:[^#]*$/.test(result.href)) {
    throw new TypeError("The URL must begin with wss:// or ws:// and have no fragment.");
  }
  for (const [name, value] of Object.entries(names)) {
    if (value !== undefined) {
      if (!NAME.test(value.normalize())) {
        throw new RangeError(
          `The ${name} must be 1 to 64 letters, marks, digits and _ . @ : + - | and nothing else.`,
        );
      }
      result.searchParams.set(name, value);
    }
  }
  return result.href;
}
