import { fileURLToPath } from "node:url";
import { type InvocationError, MAX_LOG_LINE_LENGTH } from "./messages.ts";

/** A failure that Lambda's runtime itself detects; `errorType` is its code. */
export class RuntimeError extends Error {
  /** The error type that the invoker of the function receives. Enumerable, so that the log has it, too. */
  readonly errorType: string;

  constructor(
    errorType:
      | "Runtime.MalformedHandlerName"
      | "Runtime.HandlerNotFound"
      | "Runtime.ImportModuleError"
      | "Runtime.UserCodeSyntaxError"
      | "Runtime.CallbackHandlerDeprecated"
      | "Runtime.UnhandledPromiseRejection"
      | "Runtime.NodeJsExit"
      | "Runtime.MarshalError",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.errorType = errorType;
  }

  override get name(): string {
    return this.errorType;
  }
}

/**
 * Describes the value that a handler threw: name and message of an error, type and text of anything else. Never throws.
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

/** An error may contain a whole payload. */
function cut(text: unknown): string {
  return String(text).slice(0, MAX_LOG_LINE_LENGTH);
}

/** A file with a line, as at the end of a line of a stack, or above the code of a syntax error. */
const PLACE = /^(?:at (?:async )?(?:.*\()?)?((?:file:\/\/)?\/.*?)(:\d+(?::\d+)?)\)?$/;

/**
 * The place in the function's own code that an error comes from, for example `/app/src/handler.ts:3:7`: of the source
 * where Node knows a source map. Undefined when the error has no such place. Never throws.
 */
export function placeOf(thrown: unknown): string | undefined {
  try {
    if (!(thrown instanceof Error)) {
      return undefined;
    }
    for (const line of String(thrown.stack ?? "").split("\n")) {
      const [, file = "", position] = PLACE.exec(line.trim()) ?? [];
      const path = file.startsWith("file:") ? fileURLToPath(file) : file;
      if (position !== undefined && path !== import.meta.filename && !isInstalled(path)) {
        return `${path}${position}`;
      }
    }
    return placeOf(thrown.cause);
  } catch {
    return undefined;
  }
}

function isInstalled(path: string): boolean {
  return path.includes("/node_modules/");
}
