import type { Tally } from "../domain/tally.ts";
import { describeFailure } from "./describe-failure.ts";
import type { Log } from "./log.ts";

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
