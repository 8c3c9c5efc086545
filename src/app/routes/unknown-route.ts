import type { Route, UseCases } from "../route.ts";

/** `$default`, a two-way route: the client receives this body. */
export function unknownRoute(unknown: UseCases["unknown"]): Route {
  return async () => ({ statusCode: 200, body: unknown.execute() });
}
