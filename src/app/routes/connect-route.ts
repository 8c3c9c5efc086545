import type { Connect } from "../../domain/use-cases/connect.ts";
import { log } from "../log.ts";
import type { Route } from "../route.ts";

/** `$connect`: its status decides whether the client may come in. */
export function connectRoute(connect: Connect): Route {
  return async ({ requestContext: { connectionId, routeKey, requestId } }) => {
    const body = await connect.execute({ connectionId });
    log("info", "connected", { connectionId, routeKey, requestId });
    return { statusCode: 200, body };
  };
}
