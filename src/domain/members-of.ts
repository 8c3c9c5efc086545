/** `value` as an object to read members from; undefined for anything but a JSON object. */
export function membersOf<Name extends string>(
  value: unknown,
): { readonly [Member in Name]?: unknown } | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value : undefined;
}
