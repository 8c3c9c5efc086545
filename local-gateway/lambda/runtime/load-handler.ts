import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isModuleByOthers } from "./is-module-by-others.ts";
import { requireWithin } from "./require-within.ts";
import { RuntimeError } from "./runtime-error.ts";

/** A handler as its module exports it. */
export type Handler = (event: object, context: object, callback?: Callback) => unknown;

type Callback = (error: unknown, result?: unknown) => void;

/** In the order in which Lambda tries them. */
const EXTENSIONS = ["", ".js", ".mjs", ".cjs"];

/**
 * Loads the function that `handler` names: `folder/file.export`, relative to the absolute path `root`. The export may be
 * nested.
 *
 * Throws a RuntimeError when the name is malformed, the module is missing, has a syntax error or lacks the export, and
 * whatever the module itself throws.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function loadHandler(root: string, handler: string): Promise<Handler> {
  const match = /^([^.]*)\.(.+)$/.exec(basename(handler));
  if (match === null || handler.includes("..")) {
    throw new RuntimeError("Runtime.MalformedHandlerName", `'${handler}' is not a handler name`);
  }
  const [, file = "", exportName = ""] = match;
  const module = await importModule(root, join(dirname(handler), file));
  const exported = find(module, exportName) ?? find(find(module, "default"), exportName);
  if (exported === undefined || exported === null) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (typeof exported !== "function") {
    throw new RuntimeError("Runtime.HandlerNotFound", `${handler} is not a function`);
  }
  return exported as Handler;
}

async function importModule(root: string, name: string): Promise<unknown> {
  const path = EXTENSIONS.map((extension) => join(root, name + extension)).find(isFile);
  try {
    // Without such a file it may be a package in node_modules; if not, the error names what is missing.
    const module = path ?? createRequire(join(root, "/")).resolve(name);
    return isModuleByOthers(root, module)
      ? requireWithin(root, module)
      : await import(pathToFileURL(module).href);
  } catch (error) {
    throw describeLoadFailure(error);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function describeLoadFailure(error: unknown): unknown {
  if (error instanceof SyntaxError) {
    return new RuntimeError("Runtime.UserCodeSyntaxError", String(error), { cause: error });
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND"
    ? new RuntimeError("Runtime.ImportModuleError", String(error), { cause: error })
    : error;
}

function find(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, key) =>
        typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined,
      value,
    );
}
