import type { PropertyReader } from "./property-reader.ts";
import type { RouteThrottle } from "./route-throttle.ts";

/** The account's own limits, which hold for the half that a template leaves out: requests a second, and at once. */
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5_000;

/**
 * Reads the limits that a stage sets, as a function of the route key; undefined for a route without any.
 * DefaultRouteSettings are the limits of every route, for each route apart, as the property's name says: AWS's pages do
 * not speak of one limit that all routes share. What RouteSettings give for a route replaces them for this route.
 *
 * @param properties of the stage, or of SAM's API
 * @param routeKeys of the API; RouteSettings for any other throw a TemplateError
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export function readRouteThrottles(
  properties: PropertyReader,
  routeKeys: readonly string[],
): (routeKey: string) => RouteThrottle | undefined {
  const defaults = readLimits(properties.map("DefaultRouteSettings"));
  const own: PropertyReader = properties.map("RouteSettings");
  for (const routeKey of own.names) {
    if (!routeKeys.includes(routeKey)) {
      own.fail(routeKey, "there is no such route");
    }
  }
  return (routeKey) => {
    const limits = readLimits(own.map(routeKey));
    const rate = limits.rate ?? defaults.rate;
    const burst = limits.burst ?? defaults.burst;
    if (rate === undefined && burst === undefined) {
      return;
    }
    const isOwn = limits.rate !== undefined || limits.burst !== undefined;
    return {
      rate: rate ?? ACCOUNT_RATE,
      burst: burst ?? ACCOUNT_BURST,
      setBy: isOwn ? "RouteSettings" : "DefaultRouteSettings",
    };
  };
}

function readLimits(settings: PropertyReader) {
  return {
    rate: readLimit(settings, "ThrottlingRateLimit"),
    burst: readLimit(settings, "ThrottlingBurstLimit"),
  };
}

function readLimit(settings: PropertyReader, name: string): number | undefined {
  const limit = settings.number(name);
  return limit !== undefined && limit < 0 ? settings.fail(name, "is below 0") : limit;
}
