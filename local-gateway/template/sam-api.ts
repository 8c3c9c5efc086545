import { readServerlessAuthorizer } from "./authorizer.ts";
import { routeLogicalId } from "./generated-resources.ts";
import { existingResources, PropertyReader } from "./reader.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { readRouteThrottles, readStageName, readStageVariables } from "./stage.ts";
import { DEFAULT_INTEGRATION_TIMEOUT, type Route, type WebSocketApi } from "./web-socket-api.ts";

/** The one that SAM gives an API without a StageName. */
const DEFAULT_STAGE = "default";

/** The route keys that SAM accepts. */
const ROUTE_KEY = /^(\$connect|\$disconnect|\$default|[A-Za-z0-9]+)$/;

/**
 * Reads an `AWS::Serverless::WebSocketApi`. `functionIds` are the logical ids of the functions that run here, by ARN.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-websocketapi.html
 */
export function readWebSocketApi(
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
  const authorizer = readServerlessAuthorizer(properties, functionIds);
  const stageVariables = readStageVariables(properties);
  const throttleOf = readRouteThrottles(properties, routes.names);
  const answering = routesWithResponse(scope);
  checkLogicalIds(logicalId, routes);
  const readRoute = (routeKey: string): Route => {
    if (!ROUTE_KEY.test(routeKey)) {
      routes.fail(routeKey, "a route key has letters and digits only");
    }
    const route: PropertyReader = routes.map(routeKey);
    const arn = route.requiredText("FunctionArn");
    const functionId = functionIds.get(arn);
    if (functionId === undefined) {
      route.fail("FunctionArn", `${arn} is no Node.js function of this template`);
    }
    if (route.text("ApiKeyRequired") === "true") {
      route.fail("ApiKeyRequired", "API keys do not exist here");
    }
    const throttle = throttleOf(routeKey);
    const answers = route.text("RouteResponseSelectionExpression") === "$default";
    return {
      routeKey,
      functionId,
      twoWay: answers && answering.has(routeLogicalId(logicalId, routeKey)),
      integrationTimeout: route.number("IntegrationTimeout") ?? DEFAULT_INTEGRATION_TIMEOUT,
      ...(throttle && { throttle }),
    };
  };
  return {
    logicalId,
    apiId: scope.stack.apiId(logicalId),
    stage: readStageName(properties) ?? DEFAULT_STAGE,
    routeSelectionExpression: properties.requiredText("RouteSelectionExpression"),
    routes: new Map(routes.names.map((routeKey) => [routeKey, readRoute(routeKey)])),
    ...(authorizer && { authorizer }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}

/** SAM makes the logical ids of two keys alike that differ by upper case only, and one of the routes is lost. */
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

/**
 * The ids of the routes that have a RouteResponse with the key `$default`, without which a route does not answer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 */
export function routesWithResponse(scope: Scope): ReadonlySet<string> {
  return new Set(
    existingResources(scope, "AWS::ApiGatewayV2::RouteResponse")
      .map((resource) => PropertyReader.of(scope, resource))
      .filter((properties) => properties.text("RouteResponseKey") === "$default")
      .map((properties) => properties.requiredText("RouteId")),
  );
}
