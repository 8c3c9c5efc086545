import { readCloudFormationAuthorizer } from "./authorizer.ts";
import { checkDeployments } from "./deployments.ts";
import { readInvokedFunction, requireLambdaPermission } from "./invoked-functions.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import { readRouteThrottles, readTwoWayRoutes, rejectApiKey } from "./routes.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { readStageName, readStageVariables } from "./stage.ts";
import { isRecord } from "./values.ts";
import { DEFAULT_INTEGRATION_TIMEOUT, type Route, type WebSocketApi } from "./web-socket-api.ts";

/** A key that begins with `$` is one of these three. */
const ROUTE_KEY = /^(?:\$connect|\$disconnect|\$default|[^$].*)$/s;

/** What the routes of an API are read with. */
interface RouteContext {
  readonly api: TemplateResource;
  readonly stageName: string;
  /** By ARN. */
  readonly functionIds: ReadonlyMap<string, string>;
  readonly isTwoWay: (route: PropertyReader, logicalId: string) => boolean;
}

/**
 * Reads an `AWS::ApiGatewayV2::Api` with its routes, integrations and stage: what SAM would generate, written by hand.
 * `functionIds` are the logical ids of the functions that run here, by ARN.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
 */
export function readCloudFormationApi(
  scope: Scope,
  resource: TemplateResource,
  functionIds: ReadonlyMap<string, string>,
): WebSocketApi {
  const properties = PropertyReader.of(scope, resource);
  const resourcesOfApi = (type: string) =>
    existingResources(scope, type).filter((candidate) => isOfApi(scope, resource, candidate));
  const stage = readStage(scope, resource, resourcesOfApi("AWS::ApiGatewayV2::Stage"));
  const stageName = readStageName(stage) ?? stage.fail("StageName", "is missing");
  const stageVariables = readStageVariables(stage);
  const isTwoWay = readTwoWayRoutes(scope);
  const resources = resourcesOfApi("AWS::ApiGatewayV2::Route");
  checkRouteKeys(scope, resources);
  const context = { api: resource, stageName, functionIds, isTwoWay };
  const routes = resources.map((route) => readRoute(scope, context, route));
  const throttleOf = readRouteThrottles(
    stage,
    routes.map(({ routeKey }) => routeKey),
  );
  const throttled = routes.map((route) => {
    const throttle = throttleOf(route.routeKey);
    return { ...route, ...(throttle && { throttle }) };
  });
  const [authorizer] = resources
    .map((route) =>
      readCloudFormationAuthorizer(scope, resource, PropertyReader.of(scope, route), functionIds),
    )
    .filter((authorization) => authorization !== "NONE");
  checkDeployments(scope, stage, resourcesOfApi("AWS::ApiGatewayV2::Deployment"), resources);
  return {
    logicalId: resource.logicalId,
    apiId: scope.stack.apiId(resource.logicalId),
    stage: stageName,
    routeSelectionExpression: properties.requiredString("RouteSelectionExpression"),
    routes: new Map(throttled.map((route) => [route.routeKey, route])),
    ...(authorizer && { authorizer }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}

function readStage(
  scope: Scope,
  api: TemplateResource,
  [stage, second]: readonly TemplateResource[],
): PropertyReader {
  if (stage === undefined) {
    scope.fail(["Resources", api.logicalId], "has no AWS::ApiGatewayV2::Stage, and needs one");
  }
  if (second !== undefined) {
    const message = `only one stage of ${api.logicalId} is supported, and ${stage.logicalId} is one already`;
    scope.unsupported(["Resources", second.logicalId], message);
  }
  return PropertyReader.of(scope, stage);
}

function checkRouteKeys(scope: Scope, routes: readonly TemplateResource[]): void {
  const logicalIds = new Map<string, string>();
  for (const route of routes) {
    const properties: PropertyReader = PropertyReader.of(scope, route);
    const routeKey = properties.requiredString("RouteKey");
    if (!ROUTE_KEY.test(routeKey)) {
      const message = `The provided route key is not formatted properly: "${routeKey}"`;
      properties.fail("RouteKey", message);
    }
    const first = logicalIds.get(routeKey);
    if (first !== undefined) {
      const message = `Route with key ${routeKey} already exists for this API: ${first}`;
      properties.fail("RouteKey", message);
    }
    logicalIds.set(routeKey, route.logicalId);
  }
}

function readRoute(scope: Scope, context: RouteContext, resource: TemplateResource): Route {
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  rejectApiKey(properties);
  const routeKey = properties.requiredString("RouteKey");
  const route = {
    routeKey,
    twoWay: context.isTwoWay(properties, resource.logicalId),
    integrationTimeout: DEFAULT_INTEGRATION_TIMEOUT,
  };
  const target = properties.string("Target");
  return target === undefined
    ? route
    : { ...route, ...readIntegration(scope, context, target, routeKey, properties) };
}

function readIntegration(
  scope: Scope,
  { api, stageName, functionIds }: RouteContext,
  target: string,
  routeKey: string,
  route: PropertyReader,
): Pick<Route, "functionId" | "integrationTimeout"> {
  const integration = existingResources(scope, "AWS::ApiGatewayV2::Integration").find(
    ({ logicalId }) => target === `integrations/${logicalId}`,
  );
  if (integration === undefined) {
    return route.fail("Target", `${target} is not an integration of this template`);
  }
  const properties: PropertyReader = PropertyReader.of(scope, integration);
  const type = properties.requiredString("IntegrationType");
  if (type !== "AWS_PROXY") {
    properties.unsupported("IntegrationType", `${type} is not supported, only AWS_PROXY is`);
  }
  const invoked = readInvokedFunction(properties, "IntegrationUri", functionIds);
  // With credentials a role allows API Gateway to invoke the function.
  const credentials = properties.withPlaceholders(() => properties.string("CredentialsArn"));
  if (credentials.value === undefined) {
    const source = `${stageName}/${routeKey}`;
    requireLambdaPermission(scope, { ...invoked, api, source }, (message) =>
      route.fail("RouteKey", message),
    );
  }
  const integrationTimeout = properties.number("TimeoutInMillis") ?? DEFAULT_INTEGRATION_TIMEOUT;
  return { functionId: invoked.functionId, integrationTimeout };
}

/**
 * True for a route, stage or response whose ApiId is this API's, and for one without an ApiId, which leaves no other
 * choice. A template may have APIs of other kinds next to it; what refers to them is ignored, because they do not run
 * here. Throws a TemplateError when its ApiId refers to nothing.
 */
function isOfApi(scope: Scope, api: TemplateResource, resource: TemplateResource): boolean {
  const { ApiId } = resource.properties;
  if (isRecord(ApiId) && typeof ApiId.Ref === "string" && scope.resources.has(ApiId.Ref)) {
    return ApiId.Ref === api.logicalId;
  }
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  const { value: apiId } = scope.withPlaceholders(() => properties.string("ApiId"));
  return apiId === undefined || apiId === scope.stack.apiId(api.logicalId);
}
