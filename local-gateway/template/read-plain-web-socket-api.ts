import { DEFAULT_INTEGRATION_TIMEOUT } from "./default-integration-timeout.ts";
import { existingResources } from "./existing-resources.ts";
import { functionArnOf } from "./function-arn-of.ts";
import { isOfApi } from "./is-of-api.ts";
import { PropertyReader } from "./property-reader.ts";
import { readPlainAuthorizer } from "./read-plain-authorizer.ts";
import { readRouteThrottles } from "./read-route-throttles.ts";
import { readStageVariables } from "./read-stage-variables.ts";
import type { Route } from "./route.ts";
import { routesWithResponse } from "./routes-with-response.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";
import type { WebSocketApi } from "./web-socket-api.ts";

/**
 * Reads an `AWS::ApiGatewayV2::Api` with the routes, integrations and the stage around it: what SAM would generate, written
 * by hand. `functionIds` are the logical ids of the functions that run here, by ARN.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
 */
export function readPlainWebSocketApi(
  scope: Scope,
  resource: TemplateResource,
  functionIds: ReadonlyMap<string, string>,
): WebSocketApi {
  const properties = PropertyReader.of(scope, resource);
  const answering = routesWithResponse(scope);
  const stage = readStage(scope, resource);
  const stageVariables = readStageVariables(stage);
  const resources = existingResources(scope, "AWS::ApiGatewayV2::Route").filter((route) =>
    isOfApi(scope, resource, route),
  );
  const routes = resources.map((route) =>
    readRoute(scope, route, functionIds, answering.has(route.logicalId)),
  );
  const throttleOf = readRouteThrottles(
    stage,
    routes.map(({ routeKey }) => routeKey),
  );
  const throttled = routes.map((route) => {
    const throttle = throttleOf(route.routeKey);
    return { ...route, ...(throttle && { throttle }) };
  });
  const [authorizer] = resources.flatMap(
    (route) => readPlainAuthorizer(scope, PropertyReader.of(scope, route), functionIds) ?? [],
  );
  return {
    logicalId: resource.logicalId,
    apiId: scope.stack.apiId(resource.logicalId),
    stage: stage.requiredText("StageName"),
    routeSelectionExpression: properties.requiredText("RouteSelectionExpression"),
    routes: new Map(throttled.map((route) => [route.routeKey, route])),
    ...(authorizer && { authorizer }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}

function readStage(scope: Scope, api: TemplateResource): PropertyReader {
  const [stage, ...others] = existingResources(scope, "AWS::ApiGatewayV2::Stage").filter(
    (candidate) => isOfApi(scope, api, candidate),
  );
  if (stage === undefined || others.length > 0) {
    scope.fail(["Resources", api.logicalId], "needs one AWS::ApiGatewayV2::Stage, no more");
  }
  return PropertyReader.of(scope, stage);
}

function readRoute(
  scope: Scope,
  resource: TemplateResource,
  functionIds: ReadonlyMap<string, string>,
  hasResponse: boolean,
): Route {
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  if (properties.text("ApiKeyRequired") === "true") {
    properties.fail("ApiKeyRequired", "API keys do not exist here");
  }
  const answers = properties.text("RouteResponseSelectionExpression") === "$default";
  const route = {
    routeKey: properties.requiredText("RouteKey"),
    twoWay: answers && hasResponse,
    integrationTimeout: DEFAULT_INTEGRATION_TIMEOUT,
  };
  const target = properties.text("Target");
  return target === undefined
    ? route
    : { ...route, ...readIntegration(scope, target, properties, functionIds) };
}

function readIntegration(
  scope: Scope,
  target: string,
  route: PropertyReader,
  functionIds: ReadonlyMap<string, string>,
): Pick<Route, "functionId" | "integrationTimeout"> {
  const integration = existingResources(scope, "AWS::ApiGatewayV2::Integration").find(
    ({ logicalId }) => target === `integrations/${logicalId}`,
  );
  if (integration === undefined) {
    return route.fail("Target", `${target} is no integration of this template`);
  }
  const properties: PropertyReader = PropertyReader.of(scope, integration);
  const type = properties.requiredText("IntegrationType");
  if (type !== "AWS_PROXY") {
    properties.fail("IntegrationType", `${type} does not exist here, only AWS_PROXY`);
  }
  const uri = properties.requiredText("IntegrationUri");
  const arn = functionArnOf(uri);
  const functionId = functionIds.get(arn);
  if (functionId === undefined) {
    properties.fail("IntegrationUri", `${arn} is no Node.js function of this template`);
  }
  const integrationTimeout = properties.number("TimeoutInMillis") ?? DEFAULT_INTEGRATION_TIMEOUT;
  return { functionId, integrationTimeout };
}
