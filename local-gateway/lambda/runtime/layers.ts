import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeVersionOf } from "../variables.ts";

/** Where Lambda has the content of a function's layers. */
const OPT = "/opt";

// Taken before it is redirected itself.
const { existsSync } = fs;

/**
 * Lets a function find what its layers have in `/opt`: for `require`, `import` and the functions of node:fs that read. What
 * no layer has is looked for on this machine. Packages of the layers come after the function's own, as on Lambda.
 *
 * Programs that the function starts do not see `/opt`.
 *
 * @param runtime for example `nodejs24.x`
 * @param folder the absolute path of the layers' content
 * @see https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export function provideLayers(runtime: string, folder: string): void {
  const find = layerFinder(folder);
  redirectFiles(find);
  // Files in folders with the layers' packages. Node reads NODE_PATH for require, but not for import.
  const parents = [`nodejs/node${nodeVersionOf(runtime)}`, "nodejs"].map(
    (name) => pathToFileURL(join(folder, name, "index.mjs")).href,
  );
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
      if (path.startsWith(`${OPT}/`)) {
        const inLayer = join(folder, path.slice(OPT.length));
        const isImport = context.conditions.includes("import");
        try {
          // Without its extension, too, when it is required.
          return nextResolve(isImport ? pathToFileURL(inLayer).href : inLayer, context);
        } catch {
          return nextResolve(specifier, context);
        }
      }
      const resolveFrom = parents.map(
        (parentURL) => () => nextResolve(specifier, { ...context, parentURL }),
      );
      return isPackage(specifier)
        ? firstOf(() => nextResolve(specifier, context), ...resolveFrom)
        : nextResolve(specifier, context);
    },
  });
}

/** The first result of these functions that is no error, or else the error of the first one. */
function firstOf<Result>(first: () => Result, ...others: readonly (() => Result)[]): Result {
  try {
    return first();
  } catch (error) {
    for (const other of others) {
      try {
        return other();
      } catch {
        // The first error is the one that the function's author understands.
      }
    }
    throw error;
  }
}

function isPackage(specifier: string): boolean {
  return !/^[./]|^[a-z]+:/.test(specifier);
}

/** The path of a file of the layers on this machine; anything else stays as it is. */
type LayerFinder = (path: unknown) => unknown;

function layerFinder(folder: string): LayerFinder {
  return (path) => {
    const isUrl = path instanceof URL && path.protocol === "file:";
    const text = isUrl ? fileURLToPath(path) : path;
    if (typeof text !== "string" || (text !== OPT && !text.startsWith(`${OPT}/`))) {
      return path;
    }
    const inLayer = join(folder, text.slice(OPT.length));
    return existsSync(inLayer) ? inLayer : path;
  };
}

/** The functions of node:fs that read, or copy from, the path that is their first argument. */
const READING = [
  "access",
  "copyFile",
  "cp",
  "createReadStream",
  "exists",
  "lstat",
  "open",
  "opendir",
  "readdir",
  "readFile",
  "readlink",
  "realpath",
  "stat",
  "statfs",
];

/** `/opt` cannot be made without the rights of an administrator, and functions with other layers would share it. */
function redirectFiles(find: LayerFinder): void {
  for (const name of READING) {
    redirect(fs, name, find);
    redirect(fs, `${name}Sync`, find);
    redirect(fs.promises, name, find);
  }
  // Imports by name have to get them, too.
  syncBuiltinESMExports();
}

function redirect(owner: object, name: string, find: LayerFinder): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original === "function") {
    const redirected = new Proxy(original, {
      apply: (target, self, [path, ...rest]: unknown[]) =>
        Reflect.apply(target, self, [find(path), ...rest]),
    });
    Reflect.set(owner, name, redirected);
  }
}
