import type { Handler } from "./load-handler.ts";
import { onEmptyEventLoop, type Referenced } from "./on-empty-event-loop.ts";
import { RuntimeError } from "./runtime-error.ts";

/**
 * Calls a handler once, as the runtimes before nodejs24.x do. It answers through a promise, the callback or one of the
 * context's functions, whichever comes first; anything but a promise that it returns is ignored. A result that comes
 * through the callback waits until the event loop is empty, unless the context's `callbackWaitsForEmptyEventLoop` is
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
    "Nothing is left to wait for, and the promise of the handler was never settled",
  );
}
