import { fileURLToPath } from "node:url";

/** A file with a line, as it ends a line of a stack, or as it stands above the code of a syntax error. */
const PLACE = /^(?:at (?:async )?(?:.*\()?)?((?:file:\/\/)?\/.*?)(:\d+(?::\d+)?)\)?$/;

/**
 * The place in the function's own code that an error comes from, for example `/app/src/handler.ts:3:7`: of the source
 * where Node knows a source map. Undefined when the error does not say. Never throws.
 */
export function placeOf(thrown: unknown): string | undefined {
  try {
    if (!(thrown instanceof Error)) {
      return undefined;
    }
    for (const line of String(thrown.stack ?? "").split("\n")) {
      const [, file = "", position] = PLACE.exec(line.trim()) ?? [];
      const path = file.startsWith("file:") ? fileURLToPath(file) : file;
      if (position !== undefined && path !== import.meta.filename && !isInstalled(path)) {
        return `${path}${position}`;
      }
    }
    return placeOf(thrown.cause);
  } catch {
    return undefined;
  }
}

function isInstalled(path: string): boolean {
  return path.includes("/node_modules/");
}
