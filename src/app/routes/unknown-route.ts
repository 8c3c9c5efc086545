import type { Unknown } from "../../domain/use-cases/unknown.ts";
import type { Route } from "../route.ts";

/** `$default`, a two-way route: the client receives this body. */
export function unknownRoute(unknown: Unknown): Route {
  return async () => ({ statusCode: 200, body: unknown.execute() });
}
