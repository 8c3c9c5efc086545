/**
 * Stands in for `node:process`, whose import also opens standard input and output, since they are among its exports. The
 * function and the SDK want these two only.
 */
export const { env, versions } = globalThis.process;
