import type { ClientsReport } from "./clients-command.ts";

/** One line about what came of a command: how many, how fast, and every kind of failure. */
export function describeReport(what: string, report: ClientsReport): string {
  const { succeeded, failures, durations, seconds } = report;
  const failed = Object.entries(failures).map(([text, count]) => `${count} x ${text}`);
  const each = [0.5, 0.99, 1].map((part) => inMilliseconds(durations, part)).join(" / ");
  return [
    `${what}: ${succeeded} in ${seconds.toFixed(1)} s`,
    `${Math.round(succeeded / seconds)} a second`,
    `median / 99 % / longest ${each} ms`,
    failed.length === 0 ? "no error" : `ERRORS: ${failed.join(", ")}`,
  ].join(", ");
}

function inMilliseconds(sorted: readonly number[], part: number): string {
  const value = sorted[Math.ceil(sorted.length * part) - 1];
  return value === undefined ? "-" : value.toFixed(1);
}
