import type { TemplatePath } from "./file.ts";
import { generatedResources } from "./generated-resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import type { Stack } from "./stack.ts";
import { suggest } from "./suggestion.ts";

/**
 * The value of `Fn::GetAtt`, or of `Ref` when `attribute` is undefined, for a resource of the template or one that SAM
 * generates from it.
 *
 * Throws a TemplateError when there is no such resource, its condition is false or its type is not supported.
 */
export function referToResource(
  scope: Scope,
  logicalId: string,
  attribute: string | undefined,
  path: TemplatePath,
): string {
  const resource = scope.resources.get(logicalId);
  if (resource === undefined) {
    const generated = generatedFor(scope, logicalId);
    const value = attribute === undefined ? generated.get(logicalId) : undefined;
    const parameters = Object.keys(scope.template.section("Parameters"));
    const names = [...scope.resources.keys(), ...parameters, ...generated.keys()];
    return (
      value ?? scope.fail(path, `there is no resource ${logicalId}${suggest(logicalId, names)}`)
    );
  }
  const { type, condition } = resource;
  if (condition !== undefined && !scope.condition(condition, path)) {
    scope.fail(path, `${logicalId} does not exist, because its condition ${condition} is false`);
  }
  const known = RESOURCE_ATTRIBUTES[type];
  if (known === undefined) {
    scope.unsupported(path, `${logicalId} is an ${type}, which is not supported`);
  }
  const value = attribute === undefined ? known.ref : known.attributes[attribute];
  if (value !== undefined) {
    return value(resourceName(scope, resource), scope.stack, logicalId);
  }
  const generated = generatedFor(scope, logicalId).get(`${logicalId}.${attribute}`);
  return (
    generated ??
    scope.unsupported(path, `the attribute ${attribute} of ${logicalId} is not supported`)
  );
}

/** What SAM generates from the resources with whose logical ids a name begins. */
function generatedFor(scope: Scope, name: string): ReadonlyMap<string, string> {
  const owners = [...scope.resources].filter(([owner]) => name.startsWith(owner));
  return new Map(owners.flatMap(([, resource]) => [...generatedResources(scope, resource)]));
}

/** The Ref and the attributes of a deployed resource, each computed from its physical name. */
interface ResourceAttributes {
  /** The property that may give the physical name. */
  readonly nameProperty?: string;
  readonly ref: (name: string, stack: Stack, logicalId: string) => string;
  readonly attributes: Readonly<
    Record<string, (name: string, stack: Stack, logicalId: string) => string>
  >;
}

const TABLE: ResourceAttributes = {
  nameProperty: "TableName",
  ref: (name) => name,
  attributes: {
    Arn: (name, stack) => arn(stack, "dynamodb", `table/${name}`),
    // Its label is the time at which the stream was switched on.
    StreamArn: (name, stack) =>
      arn(stack, "dynamodb", `table/${name}/stream/2025-01-01T00:00:00.000`),
  },
};

const API: ResourceAttributes = {
  ref: (_name, { apiId }, logicalId) => apiId(logicalId),
  attributes: {
    ApiId: (_name, { apiId }, logicalId) => apiId(logicalId),
    ApiEndpoint: (_name, { apiId, region, urlSuffix }, logicalId) =>
      `wss://${apiId(logicalId)}.execute-api.${region}.${urlSuffix}`,
  },
};

const FUNCTION: ResourceAttributes = {
  nameProperty: "FunctionName",
  ref: (name) => name,
  attributes: { Arn: (name, stack) => arn(stack, "lambda", `function:${name}`) },
};

const LAYER: ResourceAttributes = {
  nameProperty: "LayerName",
  ref: (name, stack) => arn(stack, "lambda", `layer:${name}:1`),
  attributes: { LayerVersionArn: (name, stack) => arn(stack, "lambda", `layer:${name}:1`) },
};

/** On AWS the Ref is an id that API Gateway makes up; here it is the logical id. */
const IDENTIFIED: ResourceAttributes = {
  ref: (_name, _stack, logicalId) => logicalId,
  attributes: {},
};

/**
 * The resources that others may refer to here, by type.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const RESOURCE_ATTRIBUTES: Readonly<Record<string, ResourceAttributes>> = {
  "AWS::DynamoDB::Table": TABLE,
  "AWS::Serverless::SimpleTable": TABLE,
  "AWS::Serverless::Function": FUNCTION,
  "AWS::Lambda::Function": FUNCTION,
  "AWS::Serverless::LayerVersion": LAYER,
  "AWS::Lambda::LayerVersion": LAYER,
  "AWS::Serverless::WebSocketApi": API,
  "AWS::ApiGatewayV2::Api": API,
  "AWS::ApiGatewayV2::Stage": { nameProperty: "StageName", ref: (name) => name, attributes: {} },
  "AWS::ApiGatewayV2::Route": IDENTIFIED,
  "AWS::ApiGatewayV2::Integration": IDENTIFIED,
  "AWS::ApiGatewayV2::Authorizer": IDENTIFIED,
  "AWS::ApiGatewayV2::Deployment": IDENTIFIED,
  "AWS::Logs::LogGroup": {
    nameProperty: "LogGroupName",
    ref: (name) => name,
    attributes: { Arn: (name, stack) => arn(stack, "logs", `log-group:${name}:*`) },
  },
  "AWS::IAM::Role": {
    nameProperty: "RoleName",
    ref: (name) => name,
    attributes: {
      Arn: (name, { partition, accountId }) => `arn:${partition}:iam::${accountId}:role/${name}`,
    },
  },
};

function arn({ partition, region, accountId }: Stack, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** The physical name of a resource: the one that its own property gives, or else `<stack>-<logical id>`. */
export function resourceName(scope: Scope, resource: TemplateResource): string {
  const { logicalId, type, properties } = resource;
  const property = RESOURCE_ATTRIBUTES[type]?.nameProperty;
  if (property !== undefined && properties[property] !== undefined) {
    const path = ["Resources", logicalId, "Properties", property];
    const name = scope.resolve(properties[property], path);
    if (typeof name === "string") {
      return name;
    }
    if (typeof name !== "symbol") {
      scope.fail(path, "must be a string");
    }
  }
  return `${scope.stack.name}-${logicalId}`;
}
