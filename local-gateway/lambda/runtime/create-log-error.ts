import { describeError } from "./describe-error.ts";

/**
 * Makes the function that logs an error which ended an invocation or the environment, in the form that Lambda's runtime
 * gives it: in JSON the error alone, as text a title and the error as JSON.
 */
export function createLogError(
  logFormat: "JSON" | "Text",
  write: (...values: unknown[]) => void,
): (title: string, thrown: unknown) => void {
  return (title, thrown) => {
    const error = thrown instanceof Error ? thrown : new Error(describeError(thrown).errorMessage);
    if (logFormat === "JSON") {
      write(error);
    } else {
      const { errorType, errorMessage } = describeError(error);
      const description = { errorType, errorMessage, ...error, stack: error.stack?.split("\n") };
      write(title, `\t${toJson(description)}`);
    }
  };
}

function toJson(description: object): string {
  try {
    return JSON.stringify(description);
  } catch {
    return String(description);
  }
}
