/**
 * Writes one line to the function's log, with what happened and to which request of which connection. Lambda's JSON
 * log format adds its own request id and the time. Nothing that a client wrote belongs in `details`.
 */
export function log(
  level: "info" | "warn" | "error",
  event: string,
  details: Readonly<Record<string, unknown>>,
): void {
  console[level]({ event, ...details });
}
