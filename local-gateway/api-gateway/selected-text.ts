/** Deeper values cannot be route keys, and a hostile message may nest as deep as it is long. */
const MAX_DEPTH = 16;

/**
 * A value found by a route selection expression as the text that is compared with the route keys: a string as it is,
 * an array as `[a, b]`, and the empty text for what is missing. AWS documents no more; an object becomes `{a=1}` in the
 * like manner, and null counts as missing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function selectedText(value: unknown, depth = 0): string {
  if (value === undefined || value === null || depth > MAX_DEPTH) {
    return "";
  }
  if (typeof value !== "object") {
    return String(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => selectedText(item, depth + 1)).join(", ")}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${name}=${selectedText(member, depth + 1)}`,
  );
  return `{${members.join(", ")}}`;
}
