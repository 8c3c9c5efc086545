import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { nodeVersionOf } from "../variables.ts";

/** The first Node.js runtime with version 3 of the AWS SDK; those before have version 2. */
const FIRST_WITH_V3 = 18;

const V2 = /^aws-sdk(\/|$)/;
const V3 = /^@(aws-sdk|smithy)\//;

/** The package that a specifier begins with. */
const PACKAGE = /^(?:@[^/]+\/)?[^/]+/;

/**
 * Lets a function without an AWS SDK of its own find the SDK packages that are installed with the gateway, in the major
 * version that `runtime`, for example `nodejs24.x`, has on Lambda. The function's own packages come first. The import of
 * one that is not installed throws an error with the command that installs it.
 *
 * @param installed a file next to which the packages are installed
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function provideSdk(runtime: string, installed: string): void {
  const included = nodeVersionOf(runtime) < FIRST_WITH_V3 ? V2 : V3;
  const { resolve } = createRequire(installed);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!included.test(specifier)) {
        return nextResolve(specifier, context);
      }
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        const url = locate(resolve, specifier);
        if (url === undefined) {
          throw describeMissing(specifier, error);
        }
        return { url, format: "commonjs", shortCircuit: true };
      }
    },
  });
}

function locate(resolve: NodeJS.RequireResolve, specifier: string): string | undefined {
  try {
    return pathToFileURL(resolve(specifier)).href;
  } catch {
    return undefined;
  }
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
