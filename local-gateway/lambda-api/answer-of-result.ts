import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { LambdaAnswer } from "./lambda-answer.ts";
import { type LambdaRefusal, refuseCall } from "./lambda-refusal.ts";

/**
 * What a caller that waited is answered. A function that failed is a success of the call: 200, with the error as its
 * payload and a header that says so.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html
 */
export function answerOfResult(
  result: InvocationResult,
  executedVersion: string,
): LambdaAnswer | LambdaRefusal {
  const headers = { "x-amz-executed-version": executedVersion };
  if (result.outcome === "returned") {
    return { status: 200, headers, body: JSON.stringify(result.payload) };
  }
  if (result.outcome === "failed") {
    const { outcome: _outcome, ...error } = result;
    return {
      status: 200,
      headers: { ...headers, "x-amz-function-error": "Unhandled" },
      body: JSON.stringify(error),
    };
  }
  const { errorType, errorMessage } = result;
  return errorType === "TooManyRequestsException"
    ? refuseCall(errorType, errorMessage, {
        reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      })
    : refuseCall("ServiceException", errorMessage);
}
