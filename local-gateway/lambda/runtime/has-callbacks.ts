/** The first major version of Lambda's Node.js runtimes that has no callbacks. */
const FIRST_WITHOUT_CALLBACKS = 24;

/**
 * True when `runtime`, for example `nodejs22.x`, lets a handler answer through a callback.
 *
 * @see https://aws.amazon.com/blogs/compute/node-js-24-runtime-now-available-in-aws-lambda/
 */
export function hasCallbacks(runtime: string): boolean {
  return Number.parseInt(runtime.replace("nodejs", ""), 10) < FIRST_WITHOUT_CALLBACKS;
}
