import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { nodeVersionOf } from "../variables.ts";

/** The first Node.js runtime with version 3 of the AWS SDK; those before have version 2. */
const FIRST_WITH_V3 = 18;

const V2 = /^aws-sdk(\/|$)/;
const V3 = /^@(aws-sdk|smithy)\//;

/** The package that a specifier begins with. */
const PACKAGE = /^(?:@[^/]+\/)?[^/]+/;

/**
 * Lets a function without an AWS SDK of its own find the SDK packages that are installed on this machine, in the major
 * version that `runtime`, for example `nodejs24.x`, has on Lambda. The function's own packages come first. The import of
 * one that is not installed throws an error with the command that installs it.
 *
 * @param places the files or folders in or above whose folders the packages may be installed, the first first
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function provideSdk(runtime: string, places: readonly string[]): void {
  const included = nodeVersionOf(runtime) < FIRST_WITH_V3 ? V2 : V3;
  // As a file in the folder would: a file can be taken for a folder, in which nothing is installed.
  const resolvers = places.map((place) => createRequire(join(place, "index.js")).resolve);
  // The search calls this hook again, for each place.
  let isSearching = false;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (isSearching || !included.test(specifier)) {
        return nextResolve(specifier, context);
      }
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        isSearching = true;
        const url = locate(resolvers, specifier);
        isSearching = false;
        if (url === undefined) {
          throw describeMissing(specifier, error);
        }
        return { url, format: "commonjs", shortCircuit: true };
      }
    },
  });
}

function locate(
  resolvers: readonly NodeJS.RequireResolve[],
  specifier: string,
): string | undefined {
  for (const resolve of resolvers) {
    try {
      return pathToFileURL(resolve(specifier)).href;
    } catch {
      // It is not installed there.
    }
  }
  return undefined;
}

/** The error of an import that found no package, with what installs the package. Any other error stays what it is. */
function describeMissing(specifier: string, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const [name] = PACKAGE.exec(specifier) ?? [];
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") {
    return cause;
  }
  const message = `${name} is not installed. Lambda includes it; here "npm i -D ${name}" provides it`;
  return Object.assign(new Error(message, { cause }), { code });
}
