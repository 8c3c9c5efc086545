import { hasCallbacks } from "./has-callbacks.ts";
import type { Handler } from "./load-handler.ts";
import { RuntimeError } from "./runtime-error.ts";

/**
 * Throws when `handler` has a third parameter, the callback, and `runtime` no longer passes one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function refuseCallbackHandler(handler: Handler, runtime: string): void {
  if (handler.length >= 3 && !hasCallbacks(runtime)) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      `${runtime} has no callback-based handlers: return a promise, and take two parameters instead of three`,
    );
  }
}
