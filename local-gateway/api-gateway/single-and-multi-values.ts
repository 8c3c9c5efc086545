/** Names with all of their values, in the two shapes in which events carry them. */
export interface SingleAndMultiValues {
  /** The last value of each name. */
  readonly single: Record<string, string>;
  readonly multi: Record<string, string[]>;
}

/**
 * Headers or query parameters in both shapes. Safe for any name, `__proto__` included.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function singleAndMultiValues(
  entries: readonly (readonly [name: string, values: string[]])[],
): SingleAndMultiValues {
  return {
    single: Object.fromEntries(entries.map(([name, values]) => [name, values.at(-1) ?? ""])),
    multi: Object.fromEntries(entries),
  };
}
