/**
 * Stands in for modules of Node's, of which the SDK and middy want these few functions. An import of such a module makes
 * a list of all that it exports, and loads what stands behind each; asking for it does not.
 */
const { getBuiltinModule } = globalThis.process;

export const { homedir, platform, release } = getBuiltinModule("node:os");
export const { join, sep } = getBuiltinModule("node:path");
export const { Duplex, PassThrough, Readable, Transform, Writable } =
  getBuiltinModule("node:stream");
export const { setTimeout } = globalThis;

/** Of `node:stream/promises`: middy would stream an answer through it, and no answer here is streamed. */
export function pipeline(): never {
  throw new Error("The function is built without streamed answers.");
}
