import { endsAt } from "../event.ts";
import { type Log, logTally } from "../log.ts";
import type { Route, UseCases } from "../route.ts";

/** `sendMessageRoute`, a one-way route: the client does not see this result, only what the relay posts to it. */
export function relayRoute(relay: UseCases["relay"], log: Log): Route {
  return async ({ requestContext, body: message }, context) => {
    const { connectionId, routeKey, requestId } = requestContext;
    const report = await relay.execute({
      connectionId,
      // API Gateway gives every message one; older recordings say null where there is none.
      messageId: requestContext.messageId ?? requestId,
      requestId,
      message,
      endsAt: endsAt(context),
    });
    const request = { connectionId, routeKey, requestId };
    logTally(log, request, report);
    if (report.error !== undefined) {
      log("warn", "rejected", { ...request, code: report.error, answered: report.answered });
    }
    return { statusCode: 200, body: report.text };
  };
}
