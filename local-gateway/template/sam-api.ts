import { readSamAuthorizer } from "./authorizer.ts";
import {
  type ApiContext,
  checkRouteKeys,
  readRoutes,
  resourcesOfApi,
  stagesOfApi,
} from "./cloudformation-api.ts";
import { DEFAULT_STAGE, routeLogicalId } from "./generated-resources.ts";
import { readInvokedFunction } from "./invoked-functions.ts";
import { PropertyReader } from "./reader.ts";
import { readTwoWayRoutes, rejectUnsupported } from "./routes.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { atStage, readStageName, readStageVariables } from "./stage.ts";
import { DEFAULT_INTEGRATION_TIMEOUT, type Route, type WebSocketApi } from "./web-socket-api.ts";

/** The route keys that SAM accepts. */
const ROUTE_KEY = /^(\$connect|\$disconnect|\$default|[A-Za-z0-9]+)$/;

/**
 * Reads an `AWS::Serverless::WebSocketApi` at its stage, with the routes and stages that the template adds to it without SAM.
 * Empty when none of the stages is chosen.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-websocketapi.html
 */
export function readSamApi(
  scope: Scope,
  api: TemplateResource,
  { functionIds, isChosen }: ApiContext,
): readonly WebSocketApi[] {
  const { logicalId } = api;
  const properties: PropertyReader = PropertyReader.of(scope, api);
  const own = { stageName: readStageName(properties) ?? DEFAULT_STAGE, properties };
  const stages = [own, ...stagesOfApi(scope, api)].filter(({ stageName }) => isChosen(stageName));
  if (stages.length === 0) {
    return [];
  }
  const routes: PropertyReader = properties.map("Routes");
  if (routes.names.length === 0) {
    properties.fail("Routes", "a WebSocket API needs a route");
  }
  const authorization = readSamAuthorizer(properties, functionIds);
  const ownAuthorizer = authorization === "NONE" ? undefined : authorization;
  const isTwoWay = readTwoWayRoutes(scope);
  const logicalIds = readLogicalIds(logicalId, routes);
  const added = resourcesOfApi(scope, api, "AWS::ApiGatewayV2::Route");
  checkRouteKeys(scope, added, logicalIds);
  return stages.map((stage) => {
    const stageVariables = readStageVariables(stage.properties);
    const readOwn = (routeKey: string): Route => {
      if (!ROUTE_KEY.test(routeKey)) {
        routes.fail(routeKey, "a route key of SAM has letters and digits only");
      }
      const route: PropertyReader = routes.map(routeKey);
      const invoked = readInvokedFunction(route, "FunctionArn", functionIds, stageVariables);
      rejectUnsupported(scope, route);
      return {
        routeKey,
        functionId: invoked.functionId,
        twoWay: isTwoWay(route, routeLogicalId(logicalId, routeKey)),
        integrationTimeout: route.number("IntegrationTimeout") ?? DEFAULT_INTEGRATION_TIMEOUT,
      };
    };
    const context = { api, stageName: stage.stageName, stageVariables, functionIds, isTwoWay };
    const { routes: others, authorizer = ownAuthorizer } = readRoutes(scope, context, added);
    return atStage(scope, api, stage, [...routes.names.map(readOwn), ...others], authorizer);
  });
}

/**
 * The logical ids of SAM's routes, by route key. SAM gives two keys that differ by upper case only the same one, and one of
 * the routes is lost.
 */
function readLogicalIds(apiLogicalId: string, routes: PropertyReader): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const logicalIds = new Map<string, string>();
  for (const routeKey of routes.names) {
    const routeId = routeLogicalId(apiLogicalId, routeKey);
    const other = keys.get(routeId);
    if (other !== undefined) {
      routes.fail(routeKey, `SAM gives it and ${other} the same logical id, ${routeId}`);
    }
    keys.set(routeId, routeKey);
    logicalIds.set(routeKey, routeId);
  }
  return logicalIds;
}
