import { format } from "node:util";
import type { LogLevel } from "../../template/functions.ts";
import { describeError } from "./errors.ts";

/** From the least important to the most. */
const LEVELS: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** How the console of a function writes. */
interface ConsoleOptions {
  readonly logFormat: "JSON" | "Text";
  /** Calls below this level are not written. */
  readonly minLevel: LogLevel;
  /** The id of the invocation in progress. */
  readonly requestId: () => string | undefined;
  /** Takes each line, without an end of line. */
  readonly write: (line: string) => void;
}

/** Makes console.log and its siblings write log lines as Lambda does. */
export function replaceConsole({ logFormat, minLevel, requestId, write }: ConsoleOptions): void {
  const log = (level: LogLevel) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(minLevel)) {
      return () => {};
    }
    return (...values: unknown[]): void => {
      const timestamp = new Date().toISOString();
      write(formatLogLine(logFormat, { timestamp, requestId: requestId(), level }, values));
    };
  };
  const info = log("INFO");
  Object.assign(console, {
    trace: log("TRACE"),
    debug: log("DEBUG"),
    info,
    log: info,
    warn: log("WARN"),
    error: log("ERROR"),
    fatal: log("FATAL"),
  });
}

/** The members of a log line next to its message. */
interface LogLineContext {
  readonly timestamp: string;
  /** Undefined while the module is loaded: Lambda writes `undefined` as text, and omits it in JSON. */
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
function formatLogLine(
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
