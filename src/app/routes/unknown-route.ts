import type { Route } from "../route.ts";
import type { UseCases } from "../use-cases.ts";

/** `$default`, a two-way route: the client receives this body. */
export function unknownRoute(unknown: UseCases["unknown"]): Route {
  return async () => ({ statusCode: 200, body: unknown.execute() });
}
