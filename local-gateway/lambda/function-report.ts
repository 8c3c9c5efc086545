/**
 * Something about a running function that its developer should know.
 *
 * - `unbuilt`: the template builds it, or a layer with this id, with make, which is not on this machine: the code is used
 *   as it is.
 * - `not loaded`: the code builds, but does not load: its first events would fail. `problem` is the reason, with the
 *   place in the source. With `watch` the next save is tried.
 * - `reloaded`: a saved change is live. `duration` is the time since it was noticed, in milliseconds.
 * - `not reloaded`: a saved change does not build or load, and the code from before goes on. `problem` is the reason, a
 *   build error with file and line.
 * - `not watched`: the system does not allow to watch a directory of the sources, so that changes in it are not noticed.
 *   It is tried again every second; the first such directory is reported.
 * - `inspected`: a debugger can attach, at `url`.
 * - `background call`: see BackgroundCall.
 * - `not runnable`: the machine lacks what runs the function, so that each of its events fails. `problem` is the reason,
 *   with the place in the template.
 * - `other version`: another version of its language than on Lambda runs it. `problem` says which, with the place.
 */
export type FunctionReport =
  | { readonly kind: "unbuilt"; readonly functionId: string }
  | { readonly kind: "not loaded"; readonly functionId: string; readonly problem: string }
  | { readonly kind: "reloaded"; readonly functionId: string; readonly duration: number }
  | { readonly kind: "not reloaded"; readonly functionId: string; readonly problem: string }
  | {
      readonly kind: "not watched";
      readonly functionId: string;
      readonly directory: string;
      readonly problem: string;
    }
  | { readonly kind: "inspected"; readonly functionId: string; readonly url: string }
  | ({ readonly kind: "background call"; readonly functionId: string } & BackgroundCall)
  | {
      readonly kind: "not runnable" | "other version";
      readonly functionId: string;
      readonly problem: string;
    };

/**
 * An HTTP call that was in flight when its invocation returned (`begun` is `before`), or that began afterwards. On
 * Lambda the environment is frozen by then: such a call is lost, or goes on with a later event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-invoke
 */
export interface BackgroundCall {
  readonly requestId: string;
  readonly begun: "before" | "after";
  readonly method: string;
  /** Host and path, without the query. */
  readonly target: string;
}

/** A report as a line of the console. */
interface ReportDescription {
  readonly text: string;
  readonly severity: "info" | "warning" | "error";
}

/** Describes a report in one sentence; a build error keeps its lines. */
export function describeFunctionReport(report: FunctionReport): ReportDescription {
  const { functionId } = report;
  switch (report.kind) {
    case "unbuilt":
      return {
        text: `${functionId} is not built, because make is not installed: its code runs as it is`,
        severity: "warning",
      };
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
    case "not watched":
      return {
        text: `changes in ${report.directory} do not reload ${functionId}: ${report.problem}`,
        severity: "warning",
      };
    case "inspected":
      return { text: `a debugger can attach to ${functionId} at ${report.url}`, severity: "info" };
    case "not runnable":
      return { text: report.problem, severity: "error" };
    case "other version":
      return { text: report.problem, severity: "warning" };
    case "background call": {
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
