import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { invokeWithin } from "./invoke-within.ts";
import { type ProxyResult, proxyResult } from "./proxy-result.ts";

/**
 * What became of a call to an integration. `problem` says in one sentence what went wrong, for the console only.
 *
 * - `answered`: the function returned a proxy result.
 * - `malformed`: it returned something else.
 * - `failed`: it threw, crashed or took longer than its own timeout.
 * - `rejected`: Lambda did not run it.
 * - `timed out`: API Gateway stopped waiting; the function runs on.
 */
export type IntegrationOutcome =
  | { readonly kind: "answered"; readonly result: ProxyResult }
  | {
      readonly kind: "malformed" | "failed" | "rejected" | "timed out";
      readonly problem: string;
    };

/**
 * Calls a Lambda proxy integration once; API Gateway never retries. Never rejects.
 *
 * @param timeout in milliseconds
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
export async function callIntegration(
  lambda: LambdaFunction,
  event: object,
  timeout: number,
): Promise<IntegrationOutcome> {
  const invocation = await invokeWithin(timeout, lambda, event);
  if (invocation === "expired") {
    return {
      kind: "timed out",
      problem: `no answer within the integration timeout of ${timeout} ms; the function runs on`,
    };
  }
  if (invocation.outcome !== "returned") {
    const { outcome, errorType, errorMessage } = invocation;
    return { kind: outcome, problem: `${errorType}: ${errorMessage}` };
  }
  const result = proxyResult(invocation.payload);
  return typeof result === "string"
    ? { kind: "malformed", problem: `malformed proxy result: ${result}` }
    : { kind: "answered", result };
}
