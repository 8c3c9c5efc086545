import { closeSync, openSync } from "node:fs";
import { stop } from "esbuild";

/** More file descriptors than the start of a process needs: its pipes, and those of Node. */
const DESCRIPTORS = 10;

// esbuild itself has one process for all who use it in this one.
let holders = 0;

/**
 * Keeps esbuild's process, which starts with the first build, until everyone who holds it has let it go. An idle one
 * needs more memory than an execution environment.
 *
 * Throws when there are too few file descriptors to start it: esbuild would not catch that, and end this process.
 *
 * @see https://esbuild.github.io/api/#stop
 */
export function holdEsbuild(): AsyncDisposable {
  requireDescriptors();
  holders += 1;
  return {
    [Symbol.asyncDispose]: async () => {
      holders -= 1;
      if (holders === 0) {
        await stop();
      }
    },
  };
}

function requireDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < DESCRIPTORS) {
      opened.push(openSync(import.meta.filename, "r"));
    }
  } catch (cause) {
    throw new Error("too many open files: esbuild cannot be started (see ulimit -n)", { cause });
  } finally {
    for (const descriptor of opened) {
      closeSync(descriptor);
    }
  }
}
