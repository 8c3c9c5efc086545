import type { FunctionReport } from "./function-report.ts";

/** A report in words. */
export interface ReportDescription {
  readonly text: string;
  readonly severity: "info" | "warning" | "error";
}

/** Puts into one sentence what a function's developer should know; a build error keeps its lines. */
export function describeFunctionReport(report: FunctionReport): ReportDescription {
  const { functionId } = report;
  switch (report.kind) {
    case "not loaded":
      return { text: `${report.problem}; the next save is tried`, severity: "error" };
    case "reloaded":
      return {
        text: `reloaded ${functionId} in ${Math.round(report.duration)} ms`,
        severity: "info",
      };
    case "not reloaded":
      return {
        text: `not reloaded, the code from before goes on: ${report.problem}`,
        severity: "error",
      };
    case "inspected":
      return { text: `a debugger can attach to ${functionId} at ${report.url}`, severity: "info" };
    case "late call": {
      const { requestId, begun, method, target } = report;
      const when =
        begun === "before" ? "was still in flight when it returned" : "began after it had returned";
      return {
        text: `${functionId} ${requestId}: ${method} ${target} ${when}; Lambda would have frozen it`,
        severity: "warning",
      };
    }
  }
}
