import { PropertyReader } from "./reader.ts";
import { readRouteThrottles } from "./routes.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import type { Authorizer, Route, WebSocketApi } from "./web-socket-api.ts";

/** A stage of an API, as the template has it. */
export interface TemplateStage {
  readonly stageName: string;
  /** Of the AWS::ApiGatewayV2::Stage, or of SAM's API. */
  readonly properties: PropertyReader;
}

/** The name in the path of URLs: `$default` is there as it is. */
const STAGE_NAME = /^(?:\$default|[\w-]{1,128})$/;

/**
 * The StageName of a stage, or of SAM's API; undefined when there is none.
 *
 * @throws {TemplateError} for a name that AWS rejects
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function readStageName(properties: PropertyReader): string | undefined {
  const name = properties.string("StageName");
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
  const values = variables.names.map((name) => [name, variables.string(name)] as const);
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/**
 * An API at one of its stages: its routes with the limits that the stage sets, and the stage's variables.
 *
 * @throws {TemplateError} when the API has no route selection expression, or a limit is invalid
 */
export function atStage(
  scope: Scope,
  api: TemplateResource,
  { stageName, properties }: TemplateStage,
  routes: readonly Route[],
  authorizer: Authorizer | "AWS_IAM" | undefined,
): WebSocketApi {
  const stageVariables = readStageVariables(properties);
  const throttleOf = readRouteThrottles(
    properties,
    routes.map(({ routeKey }) => routeKey),
  );
  const throttled = routes.map((route) => {
    const throttle = throttleOf(route.routeKey);
    return [route.routeKey, { ...route, ...(throttle && { throttle }) }] as const;
  });
  return {
    logicalId: api.logicalId,
    apiId: scope.stack.apiId(api.logicalId),
    stage: stageName,
    routeSelectionExpression: PropertyReader.of(scope, api).requiredString(
      "RouteSelectionExpression",
    ),
    routes: new Map(throttled),
    ...(authorizer !== undefined && { authorizer }),
    ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
  };
}
