import type { Log } from "../log.ts";
import type { Route, UseCases } from "../route.ts";

/** `$disconnect`: API Gateway tells of it after the connection has closed, if at all, and ignores the result. */
export function disconnectRoute(disconnect: UseCases["disconnect"], log: Log): Route {
  return async ({
    requestContext: { connectionId, routeKey, requestId, disconnectStatusCode },
  }) => {
    const body = await disconnect.execute({ connectionId });
    log("info", "disconnected", { connectionId, routeKey, requestId, disconnectStatusCode });
    return { statusCode: 200, body };
  };
}
