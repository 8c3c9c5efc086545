import { readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { nearestFolder } from "../nearest-folder.ts";
import { nodeVersionOf } from "../variables.ts";
import { RuntimeError } from "./errors.ts";
import type { InvokeMessage } from "./messages.ts";

/** A handler as its module exports it. */
export type Handler = (event: object, context: object, callback?: Callback) => unknown;

type Callback = (error: unknown, result?: unknown) => void;

/** In the order in which Lambda tries them. */
const EXTENSIONS = ["", ".js", ".mjs", ".cjs"];

/**
 * Loads the function that `handler` names: `folder/file.export`, relative to the absolute path `root`. The export may be
 * nested.
 *
 * Throws a RuntimeError when the name is malformed, the module is missing, has a syntax error or lacks the export; an
 * error that the module itself throws is passed on.
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
    return isModuleByOuterPackage(root, module)
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

const PACKAGES = `${sep}node_modules${sep}`;

/**
 * True when Node would read the `.js` file as an ES module only because of a package.json above `root`, the absolute path
 * of a function's code. On Lambda no package.json is above it, and such a file is CommonJS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#designate-es-module
 */
function isModuleByOuterPackage(root: string, file: string): boolean {
  const isOwn = file.startsWith(root + sep) && !file.includes(PACKAGES, root.length);
  if (!isOwn || !file.endsWith(".js")) {
    return false;
  }
  const folder = nearestFolder(dirname(file), "package.json");
  return folder !== undefined && folder.length < root.length && hasTypeModule(folder);
}

function hasTypeModule(folder: string): boolean {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).type === "module";
}

type Compile = (source: string, file: string, format: "commonjs") => unknown;

/**
 * Loads a `.js` file of a function, and the files of the function that it requires, as CommonJS, although a package.json
 * above the function's code makes it an ES module. Passes on the errors of the files. `root` is the absolute path of the code.
 */
function requireWithin(root: string, file: string): unknown {
  const require = createRequire(file);
  const realRoot = realpathSync(root);
  const load = require.extensions[".js"];
  // Node has no other way: its module hooks cannot load an ES module of a package.json as CommonJS.
  require.extensions[".js"] = (module, path) => {
    const compile: Compile | undefined = Reflect.get(module, "_compile");
    return compile !== undefined && isModuleByOuterPackage(realRoot, path)
      ? compile.call(module, readFileSync(path, "utf8"), path, "commonjs")
      : load?.(module, path);
  };
  return require(file);
}

/**
 * Calls a handler once, as the runtimes before nodejs24.x do. It answers through a promise, the callback or one of the
 * context's functions, whichever comes first; a return value other than a promise is ignored. A result that comes
 * through the callback waits for an empty event loop, unless the context's `callbackWaitsForEmptyEventLoop` is
 * false. A handler that has not answered by then has null as its result, or fails when it is an async function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export async function callWithCallback(
  channel: Referenced,
  handler: Handler,
  event: object,
  context: object,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const isAsync = handler.constructor.name === "AsyncFunction";
  let onEmpty = () => (isAsync ? reject(neverSettled()) : resolve(null));
  using _loop = onEmptyEventLoop(channel, () => onEmpty());
  const done = (error?: unknown, result?: unknown) =>
    isAbsent(error) ? resolve(result) : reject(error);
  const callbackContext = Object.assign(context, {
    callbackWaitsForEmptyEventLoop: true,
    done,
    succeed: resolve,
    fail: (error?: unknown) => done(error ?? "handled"),
  });
  try {
    const returned = handler(event, callbackContext, (error, result) => {
      if (isAbsent(error) && callbackContext.callbackWaitsForEmptyEventLoop) {
        onEmpty = () => resolve(result);
      } else {
        done(error, result);
      }
    });
    if (isThenable(returned)) {
      returned.then(resolve, reject);
    }
  } catch (error) {
    reject(error);
  }
  return await promise;
}

function isAbsent(error: unknown): boolean {
  return error === undefined || error === null;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

function neverSettled(): RuntimeError {
  return new RuntimeError(
    "Runtime.NodeJsExit",
    "The event loop is empty, and the promise of the handler was never settled",
  );
}

/** The first major version of Lambda's Node.js runtimes that has no callbacks. */
const FIRST_WITHOUT_CALLBACKS = 24;

/**
 * True when `runtime`, for example `nodejs22.x`, lets a handler answer through a callback.
 *
 * @see https://aws.amazon.com/blogs/compute/node-js-24-runtime-now-available-in-aws-lambda/
 */
export function hasCallbacks(runtime: string): boolean {
  return nodeVersionOf(runtime) < FIRST_WITHOUT_CALLBACKS;
}

/**
 * Throws when `handler` has a third parameter, the callback, and `runtime` no longer passes one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function rejectCallbackHandler(handler: Handler, runtime: string): void {
  if (handler.length >= 3 && !hasCallbacks(runtime)) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      `${runtime} has no callback-based handlers: return a promise, and take two parameters instead of three`,
    );
  }
}

/** A handle that keeps the event loop running while it is referenced. */
interface Referenced {
  ref(): unknown;
  unref(): unknown;
}

/**
 * Calls `listener` when the event loop of the function is empty. Disposing it stops that. The channel to the gateway does
 * not count meanwhile: Lambda has none.
 */
function onEmptyEventLoop(channel: Referenced, listener: () => void): Disposable {
  const onBeforeExit = () => {
    // Without the channel the process would now exit.
    channel.ref();
    listener();
  };
  channel.unref();
  process.once("beforeExit", onBeforeExit);
  return {
    [Symbol.dispose]() {
      process.off("beforeExit", onBeforeExit);
      channel.ref();
    },
  };
}

/**
 * The context object of one invocation; `constants` is the part that is the same for every event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function createContext(
  constants: Readonly<Record<string, string>>,
  { requestId, deadline, context }: InvokeMessage,
): object {
  return {
    ...constants,
    ...context,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
