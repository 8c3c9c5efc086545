import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import type { Scope } from "./scope.ts";
import type { RouteThrottle } from "./web-socket-api.ts";

/**
 * Throws a TemplateError for a route, of SAM or of CloudFormation, that needs an API key or a model. Warns of one that
 * requires a parameter: what API Gateway does without it is not documented for WebSocket APIs, and here nothing happens.
 */
export function rejectUnsupported(scope: Scope, route: PropertyReader): void {
  if (route.string("ApiKeyRequired") === "true") {
    route.unsupported("ApiKeyRequired", "API keys are not supported");
  }
  if (route.map("RequestModels").names.length > 0) {
    route.unsupported("RequestModels", "models are not supported");
  }
  if (route.map("RequestParameters").names.length > 0) {
    scope.warn(
      route.path("RequestParameters"),
      "has no effect here: a request without them passes, too",
    );
  }
}

/**
 * Reads which routes answer, as a function of a route's properties and its logical id. It takes both a
 * RouteResponseSelectionExpression and a RouteResponse with the key `$default`; warns of a route with the second alone.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 */
export function readTwoWayRoutes(
  scope: Scope,
): (route: PropertyReader, logicalId: string) => boolean {
  const withResponse = new Set(
    existingResources(scope, "AWS::ApiGatewayV2::RouteResponse")
      .map((resource) => PropertyReader.of(scope, resource))
      .filter((response) => response.string("RouteResponseKey") === "$default")
      .map((response) => response.requiredString("RouteId")),
  );
  return (route, logicalId) => {
    const hasExpression = route.string("RouteResponseSelectionExpression") === "$default";
    const isMessageRoute = !["$connect", "$disconnect"].includes(route.string("RouteKey") ?? "");
    if (!hasExpression && withResponse.has(logicalId) && isMessageRoute) {
      scope.warn(
        route.path("RouteResponseSelectionExpression"),
        "must be $default, or the route does not answer, although it has a RouteResponse",
      );
    }
    return hasExpression && withResponse.has(logicalId);
  };
}

/** The account's own limits, for the half that a template leaves out: requests a second, and requests at once. */
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5_000;

/**
 * Reads the limits that a stage sets, as a function of the route key; undefined for a route without any.
 * DefaultRouteSettings are the limits of each route on its own, as the property's name says: AWS's pages do not mention
 * one limit that all routes share. What RouteSettings give for a route replaces them for this route.
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
      own.fail(routeKey, "there is no route with this key");
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
  return limit !== undefined && limit < 0 ? settings.fail(name, "must not be below 0") : limit;
}
