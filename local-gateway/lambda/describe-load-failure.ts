import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type BuildFailure, build } from "esbuild";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { holdEsbuild } from "./hold-esbuild.ts";
import type { InvocationFailure } from "./invocation-result.ts";

/** Says why a function's code, as it is deployed, does not load: the error, and where in the code it comes from. */
export async function describeLoadFailure(
  definition: FunctionDefinition,
  failure: InvocationFailure,
): Promise<string> {
  const { errorType, errorMessage } = failure;
  const place =
    failure.place ??
    (errorType === "Runtime.UserCodeSyntaxError" ? await findSyntaxError(definition) : undefined);
  const where = place === undefined ? "" : ` (${place})`;
  return `${definition.logicalId} does not load: ${errorType}: ${errorMessage}${where}`;
}

/** Node does not say where the syntax of an ES module is wrong. esbuild does. */
async function findSyntaxError({
  codePath,
  handler,
}: FunctionDefinition): Promise<string | undefined> {
  const name = basename(handler).split(".")[0] ?? "";
  const module = [".js", ".mjs", ".cjs"]
    .map((extension) => join(codePath, handler, "..", name + extension))
    .find(existsSync);
  if (module === undefined) {
    return undefined;
  }
  await using _esbuild = holdEsbuild();
  try {
    await build({
      absWorkingDir: codePath,
      entryPoints: [module],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    return undefined;
  } catch (error) {
    const location = (error as BuildFailure).errors?.[0]?.location;
    return location
      ? `${resolve(codePath, location.file)}:${location.line}:${location.column + 1}`
      : undefined;
  }
}
