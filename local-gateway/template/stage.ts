import type { PropertyReader } from "./reader.ts";
import type { RouteThrottle } from "./web-socket-api.ts";

/** The name in the path of URLs: `$default` stands there as it is. */
const STAGE_NAME = /^(?:\$default|[\w-]{1,128})$/;

/**
 * The StageName of a stage, or of SAM's API; undefined when there is none.
 *
 * @throws {TemplateError} for a name that AWS rejects
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function readStageName(properties: PropertyReader): string | undefined {
  const name = properties.text("StageName");
  return name === undefined || STAGE_NAME.test(name)
    ? name
    : properties.fail(
        "StageName",
        `"${name}" is not a valid stage name: up to 128 letters, digits, hyphens and underscores, or $default`,
      );
}

/**
 * The StageVariables of a stage, or of SAM's API; empty when there are none.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html
 */
export function readStageVariables(properties: PropertyReader): Readonly<Record<string, string>> {
  const variables = properties.map("StageVariables");
  const values = variables.names.map((name) => [name, variables.text(name)] as const);
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

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
