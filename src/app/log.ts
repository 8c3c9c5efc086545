import type { Tally } from "../domain/receipt.ts";

/**
 * Takes one noteworthy event to the log, with what happened and to which request of which connection. Nothing that a
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
export function logTally(
  log: Log,
  request: Readonly<Record<string, unknown>>,
  { tally, failures }: { readonly tally: Tally | undefined; readonly failures: readonly unknown[] },
): void {
  for (const failure of failures) {
    log("error", "failed", { ...request, failure: describeFailure(failure) });
  }
  if (tally === undefined) {
    return;
  }
  const { delivered, throttled, failed } = tally.outcomes;
  // What reached nobody is an error, which is logged as such.
  if (delivered > 0 && (throttled + failed > 0 || !tally.complete)) {
    log("warn", "partly delivered", { ...request, ...tally.outcomes, complete: tally.complete });
  }
}

/** How far a chain of causes is followed: further down it repeats itself, or runs in a circle. */
const DEEPEST_CAUSE = 5;

/**
 * A failure as the log may hold it: what it is called, its message, where it was thrown, the code that Node or the
 * request id that AWS gave it, and what caused it. What is no error could be anything, even a message: only its type
 * is told.
 */
export function describeFailure(
  failure: unknown,
  depth = DEEPEST_CAUSE,
): Readonly<Record<string, unknown>> {
  if (!(failure instanceof Error)) {
    return { name: typeof failure };
  }
  const { name, message, stack, cause } = failure;
  const { code, $metadata } = failure as Error & Details;
  return {
    name,
    message,
    code,
    awsRequestId: $metadata?.requestId,
    stack,
    cause: cause === undefined || depth === 0 ? undefined : describeFailure(cause, depth - 1),
  };
}

/** What Node's and the AWS SDK's errors have beside the usual. */
interface Details {
  readonly code?: string;
  readonly $metadata?: { readonly requestId?: string };
}
