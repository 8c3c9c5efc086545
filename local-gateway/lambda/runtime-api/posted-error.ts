import type { IncomingHttpHeaders } from "node:http";
import type { InvocationError } from "../runtime/messages.ts";

/** An error that a runtime posts, with its place in the function's code if it has one. */
type PostedError = InvocationError & { readonly place?: string };

/** A line of a stack as Python writes it, or of a syntax error. */
const PLACE = /^\s*File "(?<file>.+)",? [lL]ine (?<line>\d+)/;

/** Installed packages, and Python's own modules. */
const INSTALLED = /[\\/](?:site-packages|dist-packages|python3\.\d+)[\\/]|^</;

/**
 * Reads an error as a runtime posts it: JSON with `errorType`, `errorMessage` and `stackTrace`, and the type in a header as
 * well. Whatever is missing or malformed has an empty value; a type that is missing is `Runtime.Unknown`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror
 */
export function readPostedError(body: Buffer, headers: IncomingHttpHeaders): PostedError {
  const payload = parse(body);
  const { errorType, errorMessage, stackTrace } = payload;
  const trace = Array.isArray(stackTrace)
    ? stackTrace.filter((line) => typeof line === "string")
    : [];
  const place = placeOf(trace);
  const header = headers["lambda-runtime-function-error-type"];
  return {
    errorType: text(errorType) || text(header) || "Runtime.Unknown",
    errorMessage: text(errorMessage),
    trace,
    ...(Object.keys(payload).length > 0 && { payload }),
    ...(place !== undefined && { place }),
  };
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The innermost line of the function's own code. */
function placeOf(trace: readonly string[]): string | undefined {
  for (const line of trace.toReversed()) {
    const { file, line: number } = PLACE.exec(line)?.groups ?? {};
    if (file !== undefined && !INSTALLED.test(file)) {
      return `${file}:${number}`;
    }
  }
  return undefined;
}
