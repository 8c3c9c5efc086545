import { styleText } from "node:util";
import { describeFunctionReport } from "./lambda/describe-function-report.ts";
import type { FunctionReport } from "./lambda/function-report.ts";
import type { ReporterOptions } from "./reporter.ts";

const STYLES = { info: "green", warning: "yellow", error: "red" } as const;

/** Makes the function that writes reports about functions, each in one line; a build error has its own lines. */
export function functionReporter({
  writeLine,
  quiet,
  colours,
}: Omit<ReporterOptions, "logBodies">): (report: FunctionReport) => void {
  return (report) => {
    const { text, severity } = describeFunctionReport(report);
    if (!quiet || severity === "error") {
      for (const line of text.split("\n")) {
        writeLine(colours ? styleText(STYLES[severity], line, { validateStream: false }) : line);
      }
    }
  };
}
