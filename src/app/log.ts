import type { Report } from "../domain/answer.ts";

/**
 * Writes one noteworthy event to the log, with what happened and to which request of which connection. Nothing that a
 * client wrote belongs in `details`.
 */
export type Log = (
  level: "info" | "warn" | "error",
  event: string,
  details: Readonly<Record<string, unknown>>,
) => void;

/** Writes one line to the function's own log, where Lambda's JSON format adds the time and its own request id. */
export const writeLog: Log = (level, event, details) => {
  console[level]({ event, ...details });
};

/** Logs what went wrong on our side with a message, and how many it did not reach if it reached some. */
export function logDelivery(
  log: Log,
  request: Readonly<Record<string, unknown>>,
  { summary, failures }: Report,
): void {
  logFailures(log, request, failures);
  if (summary === undefined) {
    return;
  }
  const { outcomes, complete, pending } = summary;
  const { delivered, throttled, failed } = outcomes;
  // A message that reached nobody is an error, which is logged as such.
  if ((delivered > 0 || pending !== undefined) && (throttled + failed > 0 || !complete)) {
    log("warn", "partly delivered", { ...request, ...outcomes, complete, pending });
  }
}

/** Logs what went wrong on our side. */
export function logFailures(
  log: Log,
  request: Readonly<Record<string, unknown>>,
  failures: readonly unknown[],
): void {
  for (const failure of failures) {
    log("error", "failed", { ...request, failure: describeFailure(failure) });
  }
}

/** How far a chain of causes is followed: further down it repeats itself, or runs in a circle. */
const MAX_CAUSES = 5;

/**
 * A failure as the log may hold it: its name, its message, where it was thrown, the code that Node or the request id
 * that AWS gave it, and its cause. Anything that is not an error could be a message: only its type is logged.
 */
export function describeFailure(
  failure: unknown,
  depth = MAX_CAUSES,
): Readonly<Record<string, unknown>> {
  if (!(failure instanceof Error)) {
    return { name: typeof failure };
  }
  const { name, message, stack, cause } = failure;
  // What the errors of Node and the AWS SDK have in addition.
  const { code, $metadata } = failure as { code?: string; $metadata?: { requestId?: string } };
  return {
    name,
    message,
    code,
    awsRequestId: $metadata?.requestId,
    stack,
    cause: cause === undefined || depth === 0 ? undefined : describeFailure(cause, depth - 1),
  };
}
