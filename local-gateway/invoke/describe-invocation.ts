import type { InvocationResult } from "../lambda/invocation-result.ts";
import { describeWrite } from "./describe-write.ts";
import type { InvocationReport } from "./invoke-once.ts";

/**
 * An invocation as lines for its developer: the answer as JSON, then every post, every write, every call that
 * was refused, and every log line.
 */
export function describeInvocation(report: InvocationReport): readonly string[] {
  const { result, managementCalls, databaseCalls, refusals, logLines } = report;
  const answer = result.outcome === "returned" ? result.payload : errorOf(result);
  return [
    JSON.stringify(answer, undefined, 2),
    ...managementCalls.flatMap(({ method, connectionId, body }) => [
      `${method} @connections/${connectionId}`,
      ...(body === "" ? [] : [`  ${body}`]),
    ]),
    ...databaseCalls.map(describeWrite).filter((line) => line !== undefined),
    ...refusals.map((refusal) => `refused: ${refusal}`),
    ...logLines,
  ];
}

/** The log has the stack. */
function errorOf({ errorType, errorMessage }: Exclude<InvocationResult, { outcome: "returned" }>) {
  return { errorType, errorMessage };
}
