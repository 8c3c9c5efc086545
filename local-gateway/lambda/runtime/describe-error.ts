import { type InvocationError, MAX_LOG_LINE_LENGTH } from "./runtime-message.ts";

/**
 * Describes whatever a handler threw: name and message of an error, type and text of anything else. Never throws.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function describeError(thrown: unknown): InvocationError {
  try {
    return thrown instanceof Error
      ? {
          errorType: cut(thrown.name),
          errorMessage: cut(thrown.message),
          trace: cut(thrown.stack ?? "").split("\n"),
        }
      : { errorType: typeof thrown, errorMessage: cut(thrown), trace: [] };
  } catch {
    const errorMessage = "The error that was thrown cannot be read";
    return { errorType: "handled", errorMessage, trace: [] };
  }
}

/** An error may hold a whole payload. */
function cut(text: unknown): string {
  return String(text).slice(0, MAX_LOG_LINE_LENGTH);
}
