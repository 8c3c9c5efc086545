import type { TemplatePath } from "./file.ts";
import { generatedResources } from "./generated-resources.ts";
import { isRecord, type Scope, type Stack, type TemplateResource } from "./scope.ts";

/**
 * The logical ids of the resources that CloudFormation creates before a resource, because it depends on them or refers
 * to them, directly or by way of others.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
export function resourcesBefore(scope: Scope, logicalId: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [logicalId];
  for (const id of pending) {
    const resource = scope.resources.get(id);
    const names = resource ? [...resource.dependsOn, ...namesIn(resource.properties)] : [];
    for (const name of names) {
      if (scope.resources.has(name) && !found.has(name)) {
        found.add(name);
        pending.push(name);
      }
    }
  }
  return found;
}

/** The names to which Ref, Fn::GetAtt and Fn::Sub refer in a value, those of parameters too. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(namesIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, argument]) => {
    const [first] = [argument].flat();
    const names = typeof first === "string" ? namesOf(key, first) : [];
    return [...names, ...namesIn(argument)];
  });
}

function namesOf(functionName: string, text: string): string[] {
  switch (functionName) {
    case "Ref":
      return [text];
    case "Fn::GetAtt":
      return text.split(".", 1);
    case "Fn::Sub":
      return Array.from(text.matchAll(/\$\{([^!}.][^}.]*)/g), ([, name = ""]) => name.trim());
    default:
      return [];
  }
}

/**
 * The value of `Fn::GetAtt`, or of `Ref` when `attribute` is undefined, for a resource of the template or one that SAM
 * generates from it.
 *
 * Throws a TemplateError when there is no such resource, its condition does not hold or it exists on AWS only.
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
    const names = [...scope.resources.keys(), ...parameterNames(scope), ...generated.keys()];
    return (
      value ?? scope.fail(path, `there is no resource ${logicalId}${suggest(logicalId, names)}`)
    );
  }
  const { type, condition } = resource;
  if (condition !== undefined && !scope.condition(condition, path)) {
    scope.fail(path, `${logicalId} does not exist, because ${condition} does not hold`);
  }
  const known = RESOURCE_ATTRIBUTES[type];
  if (known === undefined) {
    scope.fail(path, `${logicalId} is an ${type}, which does not exist here`);
  }
  const value = attribute === undefined ? known.ref : known.attributes[attribute];
  if (value !== undefined) {
    return value(resourceName(scope, resource), scope.stack, logicalId);
  }
  const generated = generatedFor(scope, logicalId).get(`${logicalId}.${attribute}`);
  return generated ?? scope.fail(path, `${logicalId} has no attribute ${attribute} here`);
}

/** What SAM generates from the resources with whose logical ids a name begins. */
function generatedFor(scope: Scope, name: string): ReadonlyMap<string, string> {
  const owners = [...scope.resources].filter(([owner]) => name.startsWith(owner));
  return new Map(owners.flatMap(([, resource]) => [...generatedResources(scope, resource)]));
}

function parameterNames({ template: { content } }: Scope): string[] {
  return isRecord(content) && isRecord(content.Parameters) ? Object.keys(content.Parameters) : [];
}

/** What a deployed resource would be known by: its Ref and its attributes, each computed from its physical name. */
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

/** On AWS an id that API Gateway makes up; here the logical id serves. */
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
      scope.fail(path, "must be a text");
    }
  }
  return `${scope.stack.name}-${logicalId}`;
}

/** One letter of so many may be wrong. */
const LETTERS_FOR_A_MISTAKE = 3;

/** `; is NAME meant?` with the name that resembles a mistyped one most; empty when none resembles it. */
export function suggest(mistyped: string, names: Iterable<string>): string {
  let closest = "";
  let least = Math.floor(mistyped.length / LETTERS_FOR_A_MISTAKE) + 1;
  for (const name of names) {
    const distance = editDistance(mistyped.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      closest = name;
      least = distance;
    }
  }
  return closest === "" ? "" : `; is ${closest} meant?`;
}

/** How many letters have to be added, removed or replaced to make one text of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
