import { join } from "node:path";
import { type LocalGateway, startLocalGateway } from "../local-gateway/index.ts";
import type { ClientsReport } from "./commands.ts";

/** What a stress test watches. */
interface Subject {
  readonly gateway: LocalGateway;
  /** The lines of errors that the gateway has reported. */
  readonly errors: readonly string[];
}

/** Starts the gateway in this process, with a function that accepts everyone and echoes. */
export async function startSubject(): Promise<Subject> {
  const errors: string[] = [];
  const gateway = await startLocalGateway({
    template: join(import.meta.dirname, "app", "template.yaml"),
    quiet: true,
    onLine: (line) => errors.push(line),
  });
  return { gateway, errors };
}

/** Prints the report of each command, and the errors of the gateway. With an error the process exits with 1. */
export function printReports(
  { errors }: Subject,
  reports: Readonly<Record<string, ClientsReport>>,
): void {
  for (const [what, report] of Object.entries(reports)) {
    console.log(describeReport(what, report));
  }
  console.log(
    `gateway: ${errors.length === 0 ? "no error" : `ERRORS: ${errors.slice(0, 10).join("; ")}`}`,
  );
  const failed = Object.values(reports).some(({ failures }) => Object.keys(failures).length > 0);
  process.exitCode = failed || errors.length > 0 ? 1 : 0;
}

/** One line for the report of a command: how many, how fast, and every kind of failure. */
function describeReport(what: string, report: ClientsReport): string {
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
