import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { build } from "esbuild";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { deployedFunction } from "./deployed-function.ts";
import { describeBuildFailure } from "./describe-build-failure.ts";
import { functionBuildOptions } from "./function-build-options.ts";

/**
 * Builds a function into `directory` as `sam build` does, and describes the result: the same function with the folder,
 * handler and environment variables that it is deployed with. A function that is not built with esbuild stays as it is.
 *
 * Throws with file and line when the code does not build, and when a BuildProperty is not known.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export async function buildFunction(
  definition: FunctionDefinition,
  directory: string,
): Promise<FunctionDefinition> {
  const { logicalId, codePath, esbuild } = definition;
  if (!existsSync(codePath)) {
    throw new Error(`${logicalId} does not build: its CodeUri ${codePath} does not exist`);
  }
  if (esbuild === undefined) {
    return definition;
  }
  try {
    await mkdir(directory, { recursive: true });
    await build(functionBuildOptions(definition, esbuild, { directory }));
  } catch (cause) {
    throw new Error(`${logicalId} does not build: ${describeBuildFailure(cause, codePath)}`, {
      cause,
    });
  }
  return deployedFunction(definition, directory);
}
