import type { Log } from "./log.ts";

/** Writes one line to the function's own log, where Lambda's JSON format adds the time and its own request id. */
export const writeLog: Log = (level, event, details) => {
  console[level]({ event, ...details });
};
