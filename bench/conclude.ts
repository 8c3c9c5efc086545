import type { ClientsReport } from "./clients-command.ts";
import { describeReport } from "./describe-report.ts";
import type { Subject } from "./start-subject.ts";

/** Prints what came of each command, and of the gateway; the process fails when there was an error. */
export function conclude(
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
