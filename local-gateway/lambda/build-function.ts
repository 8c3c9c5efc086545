import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type BuildFailure, build } from "esbuild";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { entryPoints } from "./entry-points.ts";
import { esbuildOptions } from "./esbuild-options.ts";

const SOURCE_MAPS = "--enable-source-maps";

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
  const { logicalId, codePath, esbuild: properties } = definition;
  if (!existsSync(codePath)) {
    throw new Error(`${logicalId} does not build: its CodeUri ${codePath} does not exist`);
  }
  if (properties === undefined) {
    return definition;
  }
  const environment = withSourceMaps(definition);
  try {
    await mkdir(directory, { recursive: true });
    await build({
      sourcemap: environment.NODE_OPTIONS?.includes(SOURCE_MAPS) ?? false,
      ...esbuildOptions(properties),
      absWorkingDir: codePath,
      entryPoints: entryPoints(properties, codePath),
      outdir: directory,
      logLevel: "silent",
    });
  } catch (cause) {
    throw new Error(`${logicalId} does not build: ${describe(cause)}`, { cause });
  }
  return {
    ...definition,
    codePath: directory,
    handler: builtHandler(definition.handler, directory),
    environment,
  };
}

/** Whoever builds source maps wants them used: SAM switches them on in the function too. */
function withSourceMaps({ environment, esbuild }: FunctionDefinition): Record<string, string> {
  const options = environment.NODE_OPTIONS ?? "";
  return esbuild?.Sourcemap === true && !options.includes(SOURCE_MAPS)
    ? { ...environment, NODE_OPTIONS: `${options} ${SOURCE_MAPS}`.trim() }
    : environment;
}

/** A single entry point is built to the top of the folder; SAM then drops the handler's own folders. */
function builtHandler(handler: string, directory: string): string {
  const file = join(dirname(handler), basename(handler).replace(/\..*$/, ".js"));
  return existsSync(join(directory, file)) ? handler : basename(handler);
}

function describe(error: unknown): string {
  if (!isBuildFailure(error)) {
    return error instanceof Error ? error.message : String(error);
  }
  return error.errors
    .map(({ text, location }) =>
      location === null
        ? text
        : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    )
    .join("\n");
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
