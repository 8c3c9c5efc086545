import { cpus, totalmem } from "node:os";

/** Files that a process has open in addition to its connections. */
const OTHER_FILES = 2_000;

/** The machine, in a line: no number of a benchmark means anything without it. */
export function describeMachine(): string {
  const processors = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${processors.length} × ${processors[0]?.model ?? "an unknown processor"}, ${gigabytes} GB, ${process.platform}, Node ${process.version}`;
}

/** Throws when a process of this machine may not have as many files open as `connections` connections need. */
export function requireOpenFiles(connections: number): void {
  const count = connections + OTHER_FILES;
  const report: { userLimits?: { open_files?: { soft?: number | "unlimited" } } } = JSON.parse(
    JSON.stringify(process.report.getReport()),
  );
  const limit = report.userLimits?.open_files?.soft;
  if (typeof limit === "number" && limit < count) {
    throw new Error(
      `This benchmark needs ${count} open files, and a process may have ${limit}: raise the limit with "ulimit -n ${count}".`,
    );
  }
}
