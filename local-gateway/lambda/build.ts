import { existsSync } from "node:fs";
import { mkdir, readdir, stat, symlink } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { LocalGatewayError } from "../errors.ts";
import type { EsbuildProperties } from "../template/code.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { makePackage, needsPackage } from "./deployment-package.ts";
import { toBuildError } from "./describe-failure.ts";
import { esbuildOptions } from "./esbuild.ts";
import { nearestFolder } from "./nearest-folder.ts";

/**
 * Builds a function into `directory` as `sam build` does, and describes the result: the same function with the folder,
 * handler and environment variables that it is deployed with. A function that runs from its folder stays as it is.
 *
 * Throws a LocalGatewayError BUILD_FAILED when the code does not build, with file and line where they are known.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export async function buildFunction(
  definition: FunctionDefinition,
  directory: string,
): Promise<FunctionDefinition> {
  const { esbuild } = definition;
  requireCode(definition);
  if (esbuild === undefined) {
    const isPackaged = needsPackage(definition) && (await makePackage(definition, directory));
    return isPackaged ? { ...definition, codePath: directory } : definition;
  }
  const options = functionBuildOptions(definition, esbuild, directory);
  try {
    await mkdir(directory, { recursive: true });
    await build(options);
  } catch (cause) {
    throw toBuildError(definition, cause);
  }
  return deployedFunction(definition, directory);
}

/** Throws a LocalGatewayError BUILD_FAILED when a function's code does not exist. */
export function requireCode({ logicalId, codePath }: FunctionDefinition): void {
  if (!existsSync(codePath)) {
    const problem = `${logicalId} does not build: its CodeUri ${codePath} does not exist`;
    throw new LocalGatewayError("BUILD_FAILED", problem);
  }
}

const SOURCE_MAPS = "--enable-source-maps";

/** For a debugger: names stay what they are, and a source map leads to the files themselves. */
const INSPECTABLE: BuildOptions = {
  minify: false,
  minifyIdentifiers: false,
  minifySyntax: false,
  minifyWhitespace: false,
};

/**
 * The esbuild options with which `sam build` would build a function into `directory`; `inspectable` makes the result fit
 * for a debugger. Throws a LocalGatewayError BUILD_FAILED when a BuildProperty is invalid or an entry point does not
 * exist.
 */
export function functionBuildOptions(
  definition: FunctionDefinition,
  properties: EsbuildProperties,
  directory: string,
  inspectable = false,
): BuildOptions {
  const { codePath } = definition;
  try {
    const options: BuildOptions = {
      sourcemap: deployedVariables(definition).NODE_OPTIONS?.includes(SOURCE_MAPS) ?? false,
      ...esbuildOptions(properties),
      absWorkingDir: codePath,
      entryPoints: entryPoints(properties, codePath),
      outdir: directory,
      logLevel: "silent",
    };
    return inspectable ? { ...withoutSourceRoot(options), ...INSPECTABLE } : options;
  } catch (error) {
    throw error instanceof LocalGatewayError ? toBuildError(definition, error) : error;
  }
}

function withoutSourceRoot({ sourceRoot: _root, ...options }: BuildOptions): BuildOptions {
  return { ...options, sourcemap: options.sourcemap === "inline" ? "inline" : "linked" };
}

/**
 * The files that a build begins with: those of EntryPoints, relative to `codePath`. One without an extension is the
 * TypeScript or else the JavaScript file of that name, as in SAM.
 *
 * Throws a LocalGatewayError BUILD_FAILED when there are none or one does not exist.
 */
function entryPoints(properties: EsbuildProperties, codePath: string): string[] {
  const { EntryPoints } = properties;
  if (!Array.isArray(EntryPoints) || EntryPoints.length === 0) {
    throw new LocalGatewayError(
      "BUILD_FAILED",
      "the BuildProperty EntryPoints must be a list of files",
    );
  }
  return EntryPoints.map((entryPoint: string) => {
    const names = extname(entryPoint) ? [entryPoint] : [`${entryPoint}.ts`, `${entryPoint}.js`];
    const found = names.find((name) => existsSync(resolve(codePath, name)));
    if (found === undefined) {
      const path = resolve(codePath, entryPoint);
      throw new LocalGatewayError("BUILD_FAILED", `the entry point ${path} does not exist`);
    }
    return found;
  });
}

/** The function as it is deployed once esbuild has built it into `directory`. */
export function deployedFunction(
  definition: FunctionDefinition,
  directory: string,
): FunctionDefinition {
  return {
    ...definition,
    codePath: directory,
    handler: builtHandler(definition.handler, directory),
    environment: deployedVariables(definition),
  };
}

/** A single entry point is built to the top of the folder; SAM then drops the handler's own folders. */
function builtHandler(handler: string, directory: string): string {
  const file = join(dirname(handler), basename(handler).replace(/\..*$/, ".js"));
  return existsSync(join(directory, file)) ? handler : basename(handler);
}

/**
 * The environment variables that the template gives a function, once it is built. A function that is built with source
 * maps also uses them: SAM switches them on in the function too.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
function deployedVariables({
  environment,
  esbuild,
}: FunctionDefinition): Readonly<Record<string, string>> {
  const options = environment.NODE_OPTIONS ?? "";
  return esbuild?.Sourcemap === true && !options.includes(SOURCE_MAPS)
    ? { ...environment, NODE_OPTIONS: `${options} ${SOURCE_MAPS}`.trim() }
    : environment;
}

/**
 * Lets built code in `directory` find the packages that its build left out. On Lambda the AWS SDK is part of the
 * runtime and others come from layers; here all of them come from the project of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export async function linkExternalPackages(
  { codePath, esbuild }: FunctionDefinition,
  directory: string,
): Promise<void> {
  if (esbuild?.External === undefined && esbuild?.Packages === undefined) {
    return;
  }
  const project = nearestFolder(codePath, "node_modules");
  if (project !== undefined) {
    await symlink(join(project, "node_modules"), join(directory, "node_modules"), "junction");
  }
}

const RUNTIME = "runtime.mjs";

/**
 * Builds the program of an execution environment into `directory` and returns its path. Node could run the source as
 * well, but one built file starts in a third of the time of several TypeScript files. The published package has it built
 * next to its own module.
 */
export async function buildRuntime(directory: string): Promise<string> {
  const packaged = join(import.meta.dirname, RUNTIME);
  if (existsSync(packaged)) {
    return packaged;
  }
  const file = join(directory, RUNTIME);
  await build({
    entryPoints: [join(import.meta.dirname, "runtime", "runtime.ts")],
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    outfile: file,
    logLevel: "silent",
  });
  return file;
}

/** A file of a built function. */
interface BuiltFile {
  /** Relative to the folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** The files in a folder and in the folders in it, by name. */
export async function listFiles(directory: string): Promise<readonly BuiltFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return await Promise.all(
    paths.map(async (path) => ({
      name: relative(directory, path),
      size: (await stat(path)).size,
    })),
  );
}
