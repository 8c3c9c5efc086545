/**
 * Stands in for `node:fs`, whose import also loads `node:fs/promises`, since that is among its exports. The SDK asks
 * whether what it sends is read from a file, to know how long it is, and the relay sends texts only.
 */
export class ReadStream {}

/** Would tell how long a file is. */
export function lstatSync(): never {
  throw new Error("The function is built without files.");
}

export { lstatSync as fstatSync };
