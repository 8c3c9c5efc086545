import type { Route } from "../../template/route.ts";
import { TokenBucket } from "./token-bucket.ts";

/**
 * The limits that a stage sets for its routes: a bucket for each route, which all clients share. A route without limits
 * takes everything, for the account's own are not enforced here. `$disconnect` is none that could be refused.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export class RouteThrottles {
  readonly #buckets: ReadonlyMap<string, TokenBucket>;

  /** @param clock in milliseconds; only differences count */
  constructor(routes: Iterable<Route>, clock: () => number) {
    this.#buckets = new Map(
      [...routes].flatMap(({ routeKey, throttle }) =>
        throttle ? [[routeKey, new TokenBucket(throttle, clock)] as const] : [],
      ),
    );
  }

  /** Takes one more request for the route into account: undefined, or for the console the limit that refuses it. */
  refusal(route: Route): string | undefined {
    const { routeKey, throttle } = route;
    if (!throttle || this.#buckets.get(routeKey)?.take() !== false) {
      return;
    }
    const { rate, burst, setBy } = throttle;
    return `${routeKey} is throttled at ${inWords(rate)} a second, burst ${inWords(burst)} (${setBy})`;
  }
}

function inWords(limit: number): string {
  return limit.toLocaleString("en", { maximumFractionDigits: 6 });
}
