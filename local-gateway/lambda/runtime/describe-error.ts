/** What the invoker of a function learns of the error that ended the invocation. */
export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/**
 * Describes whatever a handler threw: name and message of an error, type and text of anything else. Never throws.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function describeError(thrown: unknown): InvocationError {
  try {
    return thrown instanceof Error
      ? { errorType: String(thrown.name), errorMessage: String(thrown.message) }
      : { errorType: typeof thrown, errorMessage: String(thrown) };
  } catch {
    return { errorType: "handled", errorMessage: "The error that was thrown cannot be read" };
  }
}
