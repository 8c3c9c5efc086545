import type { LambdaAnswer } from "./lambda-answer.ts";

/** The errors of a call itself, and their statuses. What a function throws is none of them. */
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
export interface LambdaRefusal extends LambdaAnswer {
  readonly errorType: string;
  /** For the console, in one line. */
  readonly problem: string;
}

/**
 * Refuses a call as Lambda does. `problem` is for the console when the message has some of the payload in it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export function refuseCall(
  errorType: keyof typeof STATUSES,
  message: string,
  { problem = message, reason }: { readonly problem?: string; readonly reason?: string } = {},
): LambdaRefusal {
  const status = STATUSES[errorType];
  const Type = status < 500 ? "User" : "Service";
  const text = IN_CAPITALS.has(errorType) ? { Message: message } : { message };
  const body = JSON.stringify({ ...(reason && { Reason: reason }), Type, ...text });
  return { status, errorType, body, problem };
}
