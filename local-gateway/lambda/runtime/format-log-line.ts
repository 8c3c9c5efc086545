import { format } from "node:util";
import type { LogLevel } from "../../template/log-level.ts";

/** What a log line says besides its message. */
export interface LogLineContext {
  readonly timestamp: string;
  /** Undefined while the module is loaded: Lambda writes `undefined` as text, and nothing in JSON. */
  readonly requestId: string | undefined;
  readonly level: LogLevel;
}

/**
 * One console call as Lambda's runtime writes it to the log: `timestamp requestId level text`, separated by tabs, or
 * one JSON object. In JSON a single argument stays what it is, several become one text, and errors show type, message
 * and stack.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function formatLogLine(
  logFormat: "JSON" | "Text",
  { timestamp, requestId, level }: LogLineContext,
  values: readonly unknown[],
): string {
  if (logFormat === "Text") {
    return [timestamp, requestId, level, format(...values)].map(String).join("\t");
  }
  const head = { timestamp, level, requestId };
  const [message] = values;
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...head, message }, describeErrors);
    } catch {
      // JSON knows no cycles and no big integers.
      return JSON.stringify({ ...head, message: format(message) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...head, message: format(...values), ...(error && describe(error)) });
}

function describeErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? { ...describe(value), ...value } : value;
}

function describe(error: Error): object {
  return {
    errorType: error.constructor?.name ?? "UnknownError",
    errorMessage: error.message,
    stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
  };
}
