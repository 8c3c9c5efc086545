import { readPlainAuthorizer } from "./authorizer.ts";
import { functionArnOf } from "./generated-resources.ts";
import { requireLambdaPermission } from "./lambda-permissions.ts";
import { existingResources, PropertyReader } from "./reader.ts";
import { resourcesBefore } from "./references.ts";
import { routesWithResponse } from "./sam-api.ts";
import { isRecord, type Scope, type TemplateResource } from "./scope.ts";
import { readRouteThrottles, readStageName, readStageVariables } from "./stage.ts";
import { DEFAULT_INTEGRATION_TIMEOUT, type Route, type WebSocketApi } from "./web-socket-api.ts";

/** A key that begins with `$` is one of these three. */
const ROUTE_KEY = /^(?:\$connect|\$disconnect|\$default|[^$].*)$/s;

/** What the routes of an API have in common. */
interface PlainApi {
  readonly resource: TemplateResource;
  readonly stageName: string;
  /** By ARN. */
  readonly functionIds: ReadonlyMap<string, string>;
}

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
  const stageName = readStageName(stage) ?? stage.fail("StageName", "is missing");
  const stageVariables = readStageVariables(stage);
  const resources = existingResources(scope, "AWS::ApiGatewayV2::Route").filter((route) =>
    isOfApi(scope, resource, route),
  );
  const api = { resource, stageName, functionIds };
  const routes = resources.map((route) =>
    readRoute(scope, api, route, answering.has(route.logicalId)),
  );
  checkRouteKeys(scope, resources, routes);
  const throttleOf = readRouteThrottles(
    stage,
    routes.map(({ routeKey }) => routeKey),
  );
  const throttled = routes.map((route) => {
    const throttle = throttleOf(route.routeKey);
    return { ...route, ...(throttle && { throttle }) };
  });
  const [authorizer] = resources.flatMap(
    (route) =>
      readPlainAuthorizer(scope, api.resource, PropertyReader.of(scope, route), functionIds) ?? [],
  );
  checkDeployment(scope, resource, stage, resources);
  return {
    logicalId: resource.logicalId,
    apiId: scope.stack.apiId(resource.logicalId),
    stage: stageName,
    routeSelectionExpression: properties.requiredText("RouteSelectionExpression"),
    routes: new Map(throttled.map((route) => [route.routeKey, route])),
    ...(authorizer && { authorizer }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}

function readStage(scope: Scope, api: TemplateResource): PropertyReader {
  const [stage, second] = existingResources(scope, "AWS::ApiGatewayV2::Stage").filter((candidate) =>
    isOfApi(scope, api, candidate),
  );
  if (stage === undefined) {
    scope.fail(["Resources", api.logicalId], "has no AWS::ApiGatewayV2::Stage, and needs one");
  }
  if (second !== undefined) {
    const message = `a second stage of ${api.logicalId} does not run here, next to ${stage.logicalId}`;
    scope.fail(["Resources", second.logicalId], message);
  }
  return PropertyReader.of(scope, stage);
}

function checkRouteKeys(
  scope: Scope,
  resources: readonly TemplateResource[],
  routes: readonly Route[],
): void {
  for (const [index, { routeKey }] of routes.entries()) {
    const first = routes.findIndex((route) => route.routeKey === routeKey);
    const { logicalId } = resources[index] ?? { logicalId: "" };
    if (first !== index) {
      const message = `Route with key ${routeKey} already exists for this API: ${resources[first]?.logicalId}`;
      scope.fail(["Resources", logicalId, "Properties", "RouteKey"], message);
    }
  }
}

function readRoute(
  scope: Scope,
  api: PlainApi,
  resource: TemplateResource,
  hasResponse: boolean,
): Route {
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  if (properties.text("ApiKeyRequired") === "true") {
    properties.fail("ApiKeyRequired", "API keys do not exist here");
  }
  const routeKey = properties.requiredText("RouteKey");
  if (!ROUTE_KEY.test(routeKey)) {
    const message = `The provided route key is not formatted properly: "${routeKey}"`;
    properties.fail("RouteKey", message);
  }
  const answers = properties.text("RouteResponseSelectionExpression") === "$default";
  const route = {
    routeKey,
    twoWay: answers && hasResponse,
    integrationTimeout: DEFAULT_INTEGRATION_TIMEOUT,
  };
  const target = properties.text("Target");
  return target === undefined
    ? route
    : { ...route, ...readIntegration(scope, api, target, routeKey, properties) };
}

function readIntegration(
  scope: Scope,
  { resource, stageName, functionIds }: PlainApi,
  target: string,
  routeKey: string,
  route: PropertyReader,
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
  const functionArn = functionArnOf(properties.requiredText("IntegrationUri"));
  const functionId = functionIds.get(functionArn);
  if (functionId === undefined) {
    properties.fail("IntegrationUri", `${functionArn} is no Node.js function of this template`);
  }
  // With credentials it is a role that lets API Gateway invoke the function.
  if (properties.text("CredentialsArn") === undefined) {
    const source = `${stageName}/${routeKey}`;
    requireLambdaPermission(scope, { api: resource, functionId, functionArn, source }, (message) =>
      route.fail("RouteKey", message),
    );
  }
  const integrationTimeout = properties.number("TimeoutInMillis") ?? DEFAULT_INTEGRATION_TIMEOUT;
  return { functionId, integrationTimeout };
}

/**
 * Checks that the stage of an API without SAM has a deployment, and that each deployment is created after the API's routes: it is a
 * snapshot of what exists at that moment. Warns of the routes that one does not wait for.
 *
 * @throws {TemplateError} when the stage has no deployment, with which AWS answers every upgrade with 403, or a deployment
 *   waits for no route, with which the stack fails
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-set-up-websocket-deployment.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html
 */
function checkDeployment(
  scope: Scope,
  api: TemplateResource,
  stage: PropertyReader,
  routes: readonly TemplateResource[],
): void {
  const deployments = existingResources(scope, "AWS::ApiGatewayV2::Deployment").filter(
    (deployment) => isOfApi(scope, api, deployment),
  );
  checkStage(scope, stage, deployments);
  for (const deployment of deployments) {
    checkOrder(scope, deployment, routes);
  }
}

function checkStage(
  scope: Scope,
  stage: PropertyReader,
  deployments: readonly TemplateResource[],
): void {
  const deploymentId = stage.text("DeploymentId");
  if (deploymentId !== undefined) {
    if (!deployments.some(({ logicalId }) => logicalId === deploymentId)) {
      stage.fail("DeploymentId", `${deploymentId} is not a deployment of this API`);
    }
    return;
  }
  const stageName = stage.text("StageName");
  const isDeployed =
    stage.text("AutoDeploy") === "true" ||
    deployments.some(
      (deployment) => PropertyReader.of(scope, deployment).text("StageName") === stageName,
    );
  if (!isDeployed) {
    stage.fail(
      "StageName",
      "the stage has no deployment, and AWS answers every upgrade with 403: it needs AutoDeploy: true or a DeploymentId",
    );
  }
}

function checkOrder(
  scope: Scope,
  { logicalId, dependsOn }: TemplateResource,
  routes: readonly TemplateResource[],
): void {
  const path = ["Resources", logicalId, "DependsOn"];
  for (const name of dependsOn) {
    if (!scope.resources.has(name)) {
      // One that SAM generates may be meant.
      scope.attribute(name, undefined, path);
    }
  }
  const before = resourcesBefore(scope, logicalId);
  const missing = routes.map((route) => route.logicalId).filter((id) => !before.has(id));
  if (missing.length === routes.length) {
    scope.fail(path, "At least one route is required before deploying the Api: name every route");
  }
  if (missing.length > 0) {
    scope.warn(path, `does not wait for ${missing.join(", ")}: what is deployed may lack them`);
  }
}

/**
 * True for a route, stage or response whose ApiId is this API's; also when it says none, which leaves no other choice. A
 * template may have APIs of other kinds next to it, and what refers to them is not looked at: they do not exist here.
 * Throws a TemplateError when its ApiId refers to nothing.
 */
function isOfApi(scope: Scope, api: TemplateResource, resource: TemplateResource): boolean {
  const { ApiId } = resource.properties;
  if (isRecord(ApiId) && typeof ApiId.Ref === "string" && scope.resources.has(ApiId.Ref)) {
    return ApiId.Ref === api.logicalId;
  }
  const apiId = PropertyReader.of(scope, resource).text("ApiId");
  return apiId === undefined || apiId === scope.stack.apiId(api.logicalId);
}
