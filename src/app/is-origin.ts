/** A scheme, a host and perhaps a port, in the small letters that browsers write them in, and no more. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/[^/?#\s,*@A-Z]+$/;

/**
 * Whether a browser could send `value` as the origin of a page. Anything else in a list of origins (a path, a slash at
 * the end, a `*`, the port that a scheme has anyway) would let nobody in, and that without a word.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6454#section-6.2
 */
export function isOrigin(value: string): boolean {
  const [, scheme] = ORIGIN.exec(value) ?? [];
  if (scheme === "http" || scheme === "https") {
    return URL.parse(value)?.origin === value;
  }
  // Of other schemes, which apps have, nobody but their browser knows what an origin is.
  return scheme !== undefined;
}
