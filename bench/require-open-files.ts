/** Throws with one sentence when a process of this machine may not have as many open files as a benchmark needs. */
export function requireOpenFiles(count: number): void {
  const report: { userLimits?: { open_files?: { soft?: number | "unlimited" } } } = JSON.parse(
    JSON.stringify(process.report.getReport()),
  );
  const limit = report.userLimits?.open_files?.soft;
  if (typeof limit === "number" && limit < count) {
    throw new Error(
      `A process may have ${limit} open files, and ${count} are needed: raise it with "ulimit -n ${count}".`,
    );
  }
}
