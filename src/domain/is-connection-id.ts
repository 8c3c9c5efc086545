const CONNECTION_ID = /^[A-Za-z0-9_=-]{1,128}$/;

/**
 * Whether `value` can be a connection id at all. Connection ids become part of a request's path, so anything that
 * would change the path (an empty string, `..`, a slash) or cannot be encoded (a lone surrogate) is none.
 */
export function isConnectionId(value: unknown): value is string {
  return typeof value === "string" && CONNECTION_ID.test(value);
}
