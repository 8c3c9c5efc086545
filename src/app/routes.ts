import type { Route } from "./route.ts";

/** Every way through the function. */
export interface Routes {
  readonly connect: Route;
  readonly disconnect: Route;
  /** The routes for messages, by route key. */
  readonly messages: ReadonlyMap<string, Route>;
  /** For messages that have no route of their own. */
  readonly unknown: Route;
}
