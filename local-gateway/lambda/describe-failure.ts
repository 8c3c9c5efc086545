import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type BuildFailure, build, type Message } from "esbuild";
import { LocalGatewayError } from "../errors.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { retainEsbuild } from "./esbuild.ts";
import type { InvocationFailure } from "./invocation.ts";
import { nearestFolder } from "./nearest-folder.ts";

/**
 * esbuild's sentence about an import that it does not find; the path of a package is neither relative nor absolute.
 * esbuild has no code for it: without a match only the advice is missing.
 */
const PACKAGE = /^Could not resolve "(?<name>(?:@[^/"]+\/)?[\w-][^/"]*)/;

/**
 * Makes the BUILD_FAILED error of a function: one line for each error of esbuild, with file, line and column; and one for
 * each command that installs packages which it did not find.
 */
export function toBuildError(
  { logicalId, codePath }: FunctionDefinition,
  cause: unknown,
): LocalGatewayError {
  const reason = isBuildFailure(cause)
    ? describeBuildFailure(cause, codePath)
    : cause instanceof Error
      ? cause.message
      : String(cause);
  return new LocalGatewayError("BUILD_FAILED", `${logicalId} does not build: ${reason}`, { cause });
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function describeBuildFailure({ errors }: BuildFailure, codePath: string): string {
  const advice = errors.flatMap((message) => adviceOf(message, codePath) ?? []);
  return [...errors.map(describe), ...new Set(advice)].join("\n");
}

function describe({ text, location }: Message): string {
  return location === null
    ? text
    : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/** The command that installs a missing package; undefined when no package is missing. */
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

/** Describes why a function's code, as it is deployed, does not load: the error, and the place in the code. */
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

/** Node does not report where the syntax of an ES module is wrong. esbuild does. */
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
  try {
    await using _esbuild = retainEsbuild();
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
    // Without file descriptors esbuild does not run; the error that is described matters more than its place.
    const location = isBuildFailure(error) ? error.errors[0]?.location : undefined;
    return location
      ? `${resolve(codePath, location.file)}:${location.line}:${location.column + 1}`
      : undefined;
  }
}
