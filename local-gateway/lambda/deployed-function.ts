import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { variablesOfBuild } from "./variables-of-build.ts";

/** The function as it is deployed once esbuild has built it into `directory`. */
export function deployedFunction(
  definition: FunctionDefinition,
  directory: string,
): FunctionDefinition {
  return {
    ...definition,
    codePath: directory,
    handler: builtHandler(definition.handler, directory),
    environment: variablesOfBuild(definition),
  };
}

/** A single entry point is built to the top of the folder; SAM then drops the handler's own folders. */
function builtHandler(handler: string, directory: string): string {
  const file = join(dirname(handler), basename(handler).replace(/\..*$/, ".js"));
  return existsSync(join(directory, file)) ? handler : basename(handler);
}
