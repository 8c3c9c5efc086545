import { DEFAULT_INTEGRATION_TIMEOUT } from "./default-integration-timeout.ts";
import { existingResources } from "./existing-resources.ts";
import { PropertyReader } from "./property-reader.ts";
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
  const routes = existingResources(scope, "AWS::ApiGatewayV2::Route").map((route) =>
    readRoute(scope, route, functionIds, answering.has(route.logicalId)),
  );
  return {
    logicalId: resource.logicalId,
    apiId: scope.stack.apiId,
    stage: readStage(scope, resource),
    routeSelectionExpression: properties.requiredText("RouteSelectionExpression"),
    routes: new Map(routes.map((route) => [route.routeKey, route])),
  };
}

function readStage(scope: Scope, { logicalId }: TemplateResource): string {
  const [stage, ...others] = existingResources(scope, "AWS::ApiGatewayV2::Stage");
  if (stage === undefined || others.length > 0) {
    scope.fail(["Resources", logicalId], "needs one AWS::ApiGatewayV2::Stage, no more");
  }
  return PropertyReader.of(scope, stage).requiredText("StageName");
}

function readRoute(
  scope: Scope,
  resource: TemplateResource,
  functionIds: ReadonlyMap<string, string>,
  hasResponse: boolean,
): Route {
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  const authorizationType = properties.text("AuthorizationType") ?? "NONE";
  if (authorizationType !== "NONE") {
    properties.fail("AuthorizationType", `${authorizationType} does not exist here`);
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
  const arn = /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
  const functionId = functionIds.get(arn);
  if (functionId === undefined) {
    properties.fail("IntegrationUri", `${arn} is no Node.js function of this template`);
  }
  const integrationTimeout = properties.number("TimeoutInMillis") ?? DEFAULT_INTEGRATION_TIMEOUT;
  return { functionId, integrationTimeout };
}
