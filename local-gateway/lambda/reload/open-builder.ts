import { existsSync } from "node:fs";
import type { FunctionDefinition } from "../../template/function-definition.ts";
import { EsbuildBuilder } from "./esbuild-builder.ts";
import type { FunctionBuilder } from "./function-builder.ts";
import { sourceDirectories } from "./source-directories.ts";

/** Where a builder builds to, and for whom. */
export interface BuilderOptions {
  /** An absolute path without symbolic links, so that source maps lead back to the sources. */
  readonly directory: string;
  /** True when a debugger will look at the result. */
  readonly inspectable?: boolean | undefined;
}

/**
 * Opens the builder that a function's template asks for: esbuild, or none, when the code runs from where it is. Throws
 * when there is no code, or when a BuildProperty is not known.
 */
export async function openBuilder(
  definition: FunctionDefinition,
  options: BuilderOptions,
): Promise<FunctionBuilder> {
  const { logicalId, codePath, esbuild } = definition;
  if (!existsSync(codePath)) {
    throw new Error(`${logicalId} does not build: its CodeUri ${codePath} does not exist`);
  }
  if (esbuild !== undefined) {
    return new EsbuildBuilder(definition, esbuild, options);
  }
  return {
    build: async () => ({
      definition,
      directories: await sourceDirectories([codePath]),
      discard: async () => {},
    }),
    close: async () => {},
  };
}
