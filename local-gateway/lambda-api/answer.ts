import type { ServerResponse } from "node:http";
import { createTraceId } from "../ids.ts";
import type { InvocationResult } from "../lambda/invocation.ts";

/** The answer to a call of Lambda's API, without what every answer has. */
export interface LambdaAnswer {
  readonly status: number;
  /** The name that SDKs know an error by. */
  readonly errorType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text; empty when absent. */
  readonly body?: string;
}

/** The errors of a call itself, and their statuses. What a function throws is not among them. */
const STATUSES = {
  ValidationException: 400,
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  RequestEntityTooLargeException: 413,
  TooManyRequestsException: 429,
  ServiceException: 500,
} as const;

/** Lambda spells the member that holds the sentence in two ways. */
const IN_CAPITALS = new Set(["ResourceNotFoundException", "ServiceException"]);

/** An answer that says why a call was not carried out. */
export interface LambdaRejection extends LambdaAnswer {
  readonly ok: false;
  readonly errorType: string;
  /** For the console, in one line. */
  readonly problem: string;
}

/**
 * Rejects a call as Lambda does. `problem` is for the console when the message has some of the payload in it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export function rejectCall(
  errorType: keyof typeof STATUSES,
  message: string,
  { problem = message, reason }: { readonly problem?: string; readonly reason?: string } = {},
): LambdaRejection {
  const status = STATUSES[errorType];
  const Type = status < 500 ? "User" : "Service";
  const text = IN_CAPITALS.has(errorType) ? { Message: message } : { message };
  const body = JSON.stringify({ ...(reason && { Reason: reason }), Type, ...text });
  return { ok: false, status, errorType, body, problem };
}

/**
 * The answer to a caller that waited for the result. A function that failed is a success of the call: 200, with the error as its
 * payload and a header that says so.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html
 */
export function answerOfResult(result: InvocationResult, executedVersion: string): LambdaAnswer {
  const headers = { "x-amz-executed-version": executedVersion };
  if (result.outcome === "returned") {
    return { status: 200, headers, body: JSON.stringify(result.payload) };
  }
  if (result.outcome === "failed") {
    const { outcome: _outcome, payload, ...error } = result;
    return {
      status: 200,
      headers: { ...headers, "x-amz-function-error": "Unhandled" },
      body: JSON.stringify(payload ?? error),
    };
  }
  const { errorType, errorMessage } = result;
  if (errorType === "InvalidRequestContentException") {
    return rejectCall(errorType, errorMessage);
  }
  return errorType === "TooManyRequestsException"
    ? rejectCall(errorType, errorMessage, {
        reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      })
    : rejectCall("ServiceException", errorMessage);
}

/**
 * Sends an answer with the headers that each of Lambda's answers has. The request id is also the `awsRequestId` that the
 * function sees.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function sendLambdaAnswer(
  response: ServerResponse,
  { status, errorType, headers = {}, body = "" }: LambdaAnswer,
  requestId: string,
): void {
  response.writeHead(status, {
    ...headers,
    ...(errorType && { "x-amzn-errortype": errorType }),
    ...(status !== 204 && {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    }),
    "x-amzn-requestid": requestId,
    "x-amzn-trace-id": createTraceId(),
  });
  response.end(body);
}
