import { readCloudFormationAuthorizer } from "./authorizer.ts";
import { checkDeployments } from "./deployments.ts";
import { attempt } from "./error.ts";
import { readIntegration } from "./integrations.ts";
import { requireLambdaPermission } from "./invoked-functions.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import { readTwoWayRoutes, rejectUnsupported } from "./routes.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { atStage, readStageName, readStageVariables, type TemplateStage } from "./stage.ts";
import { isRecord } from "./values.ts";
import {
  type Authorizer,
  DEFAULT_INTEGRATION_TIMEOUT,
  type Route,
  type WebSocketApi,
} from "./web-socket-api.ts";

/** A key that begins with `$` is one of these three. */
const ROUTE_KEY = /^(?:\$connect|\$disconnect|\$default|[^$].*)$/s;

/** What an API is read with. */
export interface ApiContext {
  /** The logical ids of the functions that run here, by ARN. */
  readonly functionIds: ReadonlyMap<string, string>;
  /** Whether the stage with this name is to run. */
  readonly isChosen: (stageName: string) => boolean;
}

/** What the routes of an API are read with, at one of its stages. */
interface RouteContext {
  readonly api: TemplateResource;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly functionIds: ReadonlyMap<string, string>;
  readonly isTwoWay: (route: PropertyReader, logicalId: string) => boolean;
}

/**
 * Reads an `AWS::ApiGatewayV2::Api` with its routes and integrations at each of its stages: what SAM would generate, written
 * by hand. Empty when none of the stages is chosen.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
 */
export function readCloudFormationApi(
  scope: Scope,
  api: TemplateResource,
  { functionIds, isChosen }: ApiContext,
): readonly WebSocketApi[] {
  const stages = stagesOfApi(scope, api);
  if (stages.length === 0) {
    scope.fail(["Resources", api.logicalId], "has no AWS::ApiGatewayV2::Stage, and needs one");
  }
  const chosen = stages.filter(({ stageName }) => isChosen(stageName));
  if (chosen.length === 0) {
    return [];
  }
  const resources = resourcesOfApi(scope, api, "AWS::ApiGatewayV2::Route");
  checkRouteKeys(scope, resources);
  const isTwoWay = readTwoWayRoutes(scope);
  const read = chosen.map((stage) => {
    const { stageName } = stage;
    const stageVariables = readStageVariables(stage.properties);
    const context = { api, stageName, stageVariables, functionIds, isTwoWay };
    const { routes, authorizer } = readRoutes(scope, context, resources);
    return atStage(scope, api, stage, routes, authorizer);
  });
  const deployments = resourcesOfApi(scope, api, "AWS::ApiGatewayV2::Deployment");
  checkDeployments(scope, chosen, deployments, resources);
  return read;
}

/** The `AWS::ApiGatewayV2::Stage` resources of an API, of SAM or of CloudFormation. */
export function stagesOfApi(scope: Scope, api: TemplateResource): readonly TemplateStage[] {
  const names = new Set<string>();
  return resourcesOfApi(scope, api, "AWS::ApiGatewayV2::Stage").map((resource) => {
    const properties: PropertyReader = PropertyReader.of(scope, resource);
    const stageName = readStageName(properties) ?? properties.fail("StageName", "is missing");
    if (names.has(stageName)) {
      properties.fail("StageName", `${api.logicalId} has another stage ${stageName}`);
    }
    names.add(stageName);
    return { stageName, properties };
  });
}

/**
 * Checks the route keys of an API's `AWS::ApiGatewayV2::Route` resources.
 *
 * @param others the logical ids of the API's other routes, by route key
 * @throws {TemplateError} for a key that is malformed, or that the API has twice
 */
export function checkRouteKeys(
  scope: Scope,
  routes: readonly TemplateResource[],
  others: ReadonlyMap<string, string> = new Map(),
): void {
  const logicalIds = new Map(others);
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

/** Reads `AWS::ApiGatewayV2::Route` resources with their integrations, and what `$connect` has to pass if they say so. */
export function readRoutes(
  scope: Scope,
  context: RouteContext,
  resources: readonly TemplateResource[],
): { readonly routes: readonly Route[]; readonly authorizer?: Authorizer | "AWS_IAM" } {
  const routes = resources.map((resource) => readRoute(scope, context, resource));
  const [authorizer] = resources
    .map((route) => readCloudFormationAuthorizer(scope, PropertyReader.of(scope, route), context))
    .filter((authorization) => authorization !== "NONE");
  return { routes, ...(authorizer && { authorizer }) };
}

function readRoute(scope: Scope, context: RouteContext, resource: TemplateResource): Route {
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  rejectUnsupported(scope, properties);
  const routeKey = properties.requiredString("RouteKey");
  const route = {
    routeKey,
    twoWay: context.isTwoWay(properties, resource.logicalId),
    integrationTimeout: DEFAULT_INTEGRATION_TIMEOUT,
  };
  const target = properties.string("Target");
  if (target === undefined) {
    return route;
  }
  const integration = readIntegration(scope, context, properties, target);
  if (integration.kind === "mock") {
    return { ...route, mock: integration.mock };
  }
  const { invoked, timeout, hasCredentials } = integration;
  if (!hasCredentials) {
    const source = `${context.stageName}/${routeKey}`;
    requireLambdaPermission(scope, { ...invoked, api: context.api, source }, (message) =>
      properties.fail("RouteKey", message),
    );
  }
  return { ...route, functionId: invoked.functionId, integrationTimeout: timeout };
}

/**
 * The resources of a type that have an API's ApiId: a template may have other APIs next to it, and an ApiId that only AWS
 * knows is that of an API elsewhere.
 *
 * @throws {TemplateError} when one of them has no ApiId, or one that refers to nothing
 */
export function resourcesOfApi(
  scope: Scope,
  api: TemplateResource,
  type: string,
): readonly TemplateResource[] {
  return existingResources(scope, type).filter((resource) => {
    const { ApiId } = resource.properties;
    if (isRecord(ApiId) && typeof ApiId.Ref === "string" && scope.resources.has(ApiId.Ref)) {
      return ApiId.Ref === api.logicalId;
    }
    const read = attempt(() => PropertyReader.of(scope, resource).requiredString("ApiId"));
    if (!read.ok && read.error.code !== "TEMPLATE_UNSUPPORTED") {
      throw read.error;
    }
    return read.ok && read.value === scope.stack.apiId(api.logicalId);
  });
}
