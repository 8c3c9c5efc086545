import { describeFailure } from "../describe-failure.ts";
import type { Log } from "../log.ts";
import type { Route } from "../route.ts";
import type { UseCases } from "../use-cases.ts";

/** `sendMessageRoute`, a one-way route: the client does not see this result, only what the relay posts to it. */
export function relayRoute(relay: UseCases["relay"], log: Log): Route {
  return async ({ requestContext: { connectionId, routeKey, requestId }, body: message }) => {
    const report = await relay.execute({ connectionId, requestId, message });
    const request = { connectionId, routeKey, requestId };
    for (const failure of report.failures) {
      log("error", "failed", { ...request, failure: describeFailure(failure) });
    }
    if (report.error !== undefined) {
      log("warn", "refused", { ...request, code: report.error, answered: report.answered });
    }
    return { statusCode: 200, body: report.text };
  };
}
