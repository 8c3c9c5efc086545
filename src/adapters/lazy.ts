/**
 * A part of an adapter whose module, with a client of the SDK, is loaded when the first call needs it: a client takes a good
 * part of a cold start, and most raw forwards need no other than that of the management API.
 */
export function lazy<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let part: Promise<Part> | undefined;
  return async () => {
    part ??= load();
    try {
      return await part;
    } catch (error) {
      // The next call tries again.
      part = undefined;
      throw error;
    }
  };
}
