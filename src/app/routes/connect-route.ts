import type { Connect } from "../../domain/use-cases/connect.ts";
import type { Log } from "../log.ts";
import type { Route } from "../route.ts";

/** `$connect`: its status decides whether the client may come in. */
export function connectRoute(connect: Connect, log: Log): Route {
  return async ({ requestContext: { connectionId, routeKey, requestId } }) => {
    const body = await connect.execute({ connectionId });
    log("info", "connected", { connectionId, routeKey, requestId });
    return { statusCode: 200, body };
  };
}
