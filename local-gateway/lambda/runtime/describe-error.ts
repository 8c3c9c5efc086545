/** What the invoker of a function learns of the error that ended the invocation. */
export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The lines of its stack; none when something else than an error was thrown. */
  readonly trace: readonly string[];
}

/**
 * Describes whatever a handler threw: name and message of an error, type and text of anything else. Never throws.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function describeError(thrown: unknown): InvocationError {
  try {
    return thrown instanceof Error
      ? {
          errorType: String(thrown.name),
          errorMessage: String(thrown.message),
          trace: String(thrown.stack ?? "").split("\n"),
        }
      : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    const errorMessage = "The error that was thrown cannot be read";
    return { errorType: "handled", errorMessage, trace: [] };
  }
}
