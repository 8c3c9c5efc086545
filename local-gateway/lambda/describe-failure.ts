import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type BuildFailure, build, type Message } from "esbuild";
import type { FunctionDefinition } from "../template/functions.ts";
import { holdEsbuild, nearestFolder } from "./esbuild.ts";
import type { InvocationFailure } from "./invocation.ts";

/** The package in what esbuild says of an import that it does not find: its path is neither relative nor absolute. */
const PACKAGE = /^Could not resolve "(?<name>(?:@[^/"]+\/)?[\w-][^/"]*)/;

/**
 * Says why a build failed: one line for each error of esbuild, with file, line and column; and one for each command that
 * installs packages which it did not find.
 *
 * @param codePath the folder that the files are relative to
 */
export function describeBuildFailure(error: unknown, codePath: string): string {
  if (!isBuildFailure(error)) {
    return error instanceof Error ? error.message : String(error);
  }
  const advice = error.errors.flatMap((message) => adviceOf(message, codePath) ?? []);
  return [...error.errors.map(describe), ...new Set(advice)].join("\n");
}

function describe({ text, location }: Message): string {
  return location === null
    ? text
    : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/** What installs the package that was not found; undefined when nothing is to be installed. */
function adviceOf({ text, location }: Message, codePath: string): string | undefined {
  const name = PACKAGE.exec(text)?.groups?.name;
  const folder = dirname(resolve(codePath, location?.file ?? "."));
  if (name === undefined || nearestFolder(folder, join("node_modules", name)) !== undefined) {
    return;
  }
  const project = nearestFolder(folder, "package.json");
  if (project === undefined) {
    return `No folder above has a package.json: run "npm install ${name}" in ${codePath}`;
  }
  const command = isDependency(name, project) ? "npm install" : `npm install ${name}`;
  return `Run "${command}" in ${project}`;
}

function isDependency(name: string, project: string): boolean {
  try {
    const content = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = content;
    const all = {
      ...peerDependencies,
      ...optionalDependencies,
      ...devDependencies,
      ...dependencies,
    };
    return Object.hasOwn(all, name);
  } catch {
    return false;
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

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
