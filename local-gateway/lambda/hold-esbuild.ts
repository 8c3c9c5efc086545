import { stop } from "esbuild";

// esbuild itself has one process for all who use it in this one.
let holders = 0;

/**
 * Keeps esbuild's process, which starts with the first build, until everyone who holds it has let it go. An idle one
 * needs more memory than an execution environment.
 *
 * @see https://esbuild.github.io/api/#stop
 */
export function holdEsbuild(): AsyncDisposable {
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
