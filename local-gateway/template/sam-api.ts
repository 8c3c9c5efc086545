import { readSamAuthorizer } from "./authorizer.ts";
import { DEFAULT_STAGE, routeLogicalId } from "./generated-resources.ts";
import { readInvokedFunction } from "./invoked-functions.ts";
import { PropertyReader } from "./reader.ts";
import { readRouteThrottles, readTwoWayRoutes, rejectApiKey } from "./routes.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { readStageName, readStageVariables } from "./stage.ts";
import { DEFAULT_INTEGRATION_TIMEOUT, type Route, type WebSocketApi } from "./web-socket-api.ts";

/** The route keys that SAM accepts. */
const ROUTE_KEY = /^(\$connect|\$disconnect|\$default|[A-Za-z0-9]+)$/;

/**
 * Reads an `AWS::Serverless::WebSocketApi`. `functionIds` are the logical ids of the functions that run here, by ARN.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-websocketapi.html
 */
export function readSamApi(
  scope: Scope,
  resource: TemplateResource,
  functionIds: ReadonlyMap<string, string>,
): WebSocketApi {
  const { logicalId } = resource;
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  const routes: PropertyReader = properties.map("Routes");
  if (routes.names.length === 0) {
    properties.fail("Routes", "a WebSocket API needs a route");
  }
  const authorizer = readSamAuthorizer(properties, functionIds);
  const stageVariables = readStageVariables(properties);
  const throttleOf = readRouteThrottles(properties, routes.names);
  const isTwoWay = readTwoWayRoutes(scope);
  checkLogicalIds(logicalId, routes);
  const readRoute = (routeKey: string): Route => {
    if (!ROUTE_KEY.test(routeKey)) {
      routes.fail(routeKey, "a route key of SAM has letters and digits only");
    }
    const route: PropertyReader = routes.map(routeKey);
    const { functionId } = readInvokedFunction(route, "FunctionArn", functionIds);
    rejectApiKey(route);
    const throttle = throttleOf(routeKey);
    return {
      routeKey,
      functionId,
      twoWay: isTwoWay(route, routeLogicalId(logicalId, routeKey)),
      integrationTimeout: route.number("IntegrationTimeout") ?? DEFAULT_INTEGRATION_TIMEOUT,
      ...(throttle && { throttle }),
    };
  };
  return {
    logicalId,
    apiId: scope.stack.apiId(logicalId),
    stage: readStageName(properties) ?? DEFAULT_STAGE,
    routeSelectionExpression: properties.requiredString("RouteSelectionExpression"),
    routes: new Map(routes.names.map((routeKey) => [routeKey, readRoute(routeKey)])),
    ...(authorizer !== "NONE" && { authorizer }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}

/** SAM gives two keys that differ by upper case only the same logical id, and one of the routes is lost. */
function checkLogicalIds(apiLogicalId: string, routes: PropertyReader): void {
  const keys = new Map<string, string>();
  for (const routeKey of routes.names) {
    const routeId = routeLogicalId(apiLogicalId, routeKey);
    const other = keys.get(routeId);
    if (other !== undefined) {
      routes.fail(routeKey, `SAM gives it and ${other} the same logical id, ${routeId}`);
    }
    keys.set(routeId, routeKey);
  }
}
