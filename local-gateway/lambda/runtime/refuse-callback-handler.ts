import type { Handler } from "./load-handler.ts";
import { RuntimeError } from "./runtime-error.ts";

/** The first major version of Lambda's Node.js runtimes that has no callbacks. */
const FIRST_WITHOUT_CALLBACKS = 24;

/**
 * Throws when `handler` has a third parameter, the callback, and `runtime` no longer passes one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function refuseCallbackHandler(handler: Handler, runtime: string): void {
  const major = Number.parseInt(runtime.replace("nodejs", ""), 10);
  if (handler.length >= 3 && major >= FIRST_WITHOUT_CALLBACKS) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      `${runtime} has no callback-based handlers: return a promise, and take two parameters instead of three`,
    );
  }
}
