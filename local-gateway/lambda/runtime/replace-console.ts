import type { LogLevel } from "../../template/log-level.ts";
import { formatLogLine } from "./format-log-line.ts";

/** From the least important to the most. */
const LEVELS: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** How the console of a function writes. */
export interface ConsoleOptions {
  readonly logFormat: "JSON" | "Text";
  /** Calls below this level write nothing. */
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
