import type { Log } from "../log.ts";
import type { Route } from "../route.ts";
import type { UseCases } from "../use-cases.ts";

/** `$connect`: its status decides whether the client may come in. */
export function connectRoute(connect: UseCases["connect"], log: Log): Route {
  return async ({ requestContext: { connectionId, routeKey, requestId } }) => {
    const body = await connect.execute({ connectionId });
    log("info", "connected", { connectionId, routeKey, requestId });
    return { statusCode: 200, body };
  };
}
