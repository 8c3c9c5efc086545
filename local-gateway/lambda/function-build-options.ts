import type { BuildOptions } from "esbuild";
import type { EsbuildProperties } from "../template/esbuild-properties.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { entryPoints } from "./entry-points.ts";
import { esbuildOptions } from "./esbuild-options.ts";
import { variablesOfBuild } from "./variables-of-build.ts";

/** For a debugger: names stay what they are, and a source map leads to the files themselves. */
const INSPECTABLE: BuildOptions = {
  minify: false,
  minifyIdentifiers: false,
  minifySyntax: false,
  minifyWhitespace: false,
};

/**
 * The esbuild options with which `sam build` would build a function into `directory`; `inspectable` makes the result fit
 * for a debugger. Throws when a BuildProperty is not known or an entry point does not exist.
 */
export function functionBuildOptions(
  definition: FunctionDefinition,
  properties: EsbuildProperties,
  { directory, inspectable = false }: { directory: string; inspectable?: boolean | undefined },
): BuildOptions {
  const { codePath } = definition;
  const options: BuildOptions = {
    sourcemap: variablesOfBuild(definition).NODE_OPTIONS?.includes("--enable-source-maps") ?? false,
    ...esbuildOptions(properties),
    absWorkingDir: codePath,
    entryPoints: entryPoints(properties, codePath),
    outdir: directory,
    logLevel: "silent",
  };
  return inspectable ? { ...withoutSourceRoot(options), ...INSPECTABLE } : options;
}

function withoutSourceRoot({ sourceRoot: _root, ...options }: BuildOptions): BuildOptions {
  return { ...options, sourcemap: options.sourcemap === "inline" ? "inline" : "linked" };
}
