import type { Handler } from "./load-handler.ts";

/** How many parameters a handler has that answers through a callback. */
const CALLBACK_PARAMETERS = 3;

/**
 * Calls a handler once and settles as it does. A handler with a third parameter may answer through that callback or
 * through a promise, whichever comes first.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function callHandler(
  handler: Handler,
  event: object,
  context: object,
): Promise<unknown> {
  if (handler.length < CALLBACK_PARAMETERS) {
    return await handler(event, context);
  }
  return await new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => {
      if (error === undefined || error === null) {
        resolve(result);
      } else {
        reject(error);
      }
    });
    if (returned instanceof Promise) {
      returned.then(resolve, reject);
    }
  });
}
