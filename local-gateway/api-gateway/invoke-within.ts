import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";

/**
 * Invokes a function once, and waits for it no longer than `timeout` milliseconds: then the result is `expired`, and the
 * function runs on. Never rejects.
 */
export async function invokeWithin(
  timeout: number,
  lambda: LambdaFunction,
  event: object,
): Promise<InvocationResult | "expired"> {
  const { promise: expired, resolve } = Promise.withResolvers<"expired">();
  // What a function still does must not keep a stopped gateway's process alive.
  const timer = setTimeout(resolve, timeout, "expired").unref();
  try {
    return await Promise.race([lambda.invoke(event), expired]);
  } finally {
    clearTimeout(timer);
  }
}
