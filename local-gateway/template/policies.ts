import { TemplateError, type TemplatePath } from "./file.ts";
import {
  managedPolicyStatements,
  type PolicyStatement,
  policyTemplateStatements,
} from "./known-policies.ts";
import { existingResources, PropertyReader } from "./reader.ts";
import { resourceName } from "./references.ts";
import { isIntrinsic, isRecord, NO_VALUE, type Scope, type TemplateResource } from "./scope.ts";

/** The managed policy of the template that a `Ref` refers to; undefined when `value` is anything else. */
function referredPolicy(scope: Scope, value: unknown): TemplateResource | undefined {
  return isRecord(value) && typeof value.Ref === "string"
    ? existingResources(scope, "AWS::IAM::ManagedPolicy").find(
        ({ logicalId }) => logicalId === value.Ref,
      )
    : undefined;
}

/**
 * Reads the policies of a function or role, one or a list of them: inline documents, managed policies of the template,
 * managed policies of AWS by name or ARN, and SAM's policy templates. Of the last two kinds those for other services
 * than API Gateway, DynamoDB and Lambda give no statements: nothing here asks for what they permit.
 *
 * Throws a TemplateError for a policy whose statements could count here and are not known.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
 */
function readPolicies(scope: Scope, policies: unknown, path: TemplatePath): PolicyStatement[] {
  const isList = isIntrinsic(policies) && !referredPolicy(scope, policies);
  const list = isList ? scope.resolve(policies, path) : policies;
  return Array.isArray(list)
    ? list.flatMap((policy, index) => readPolicy(scope, policy, [...path, index]))
    : readPolicy(scope, list, path);
}

function readPolicy(scope: Scope, policy: unknown, path: TemplatePath): PolicyStatement[] {
  const referred = referredPolicy(scope, policy);
  if (referred !== undefined) {
    return readPolicyDocument(PropertyReader.of(scope, referred).map("PolicyDocument"));
  }
  const value = isIntrinsic(policy) ? scope.resolve(policy, path) : policy;
  if (value === undefined || value === null || value === NO_VALUE) {
    return [];
  }
  if (typeof value === "string") {
    return managedPolicyStatements(scope, value, path);
  }
  if (!isRecord(value)) {
    return scope.fail(path, "is not a policy");
  }
  return Object.hasOwn(value, "Statement")
    ? readPolicyDocument(new PropertyReader(scope, path, value))
    : policyTemplateStatements(scope, value, path);
}

/** The services that ask here what a function may do; an action may leave the service open with `*`. */
const ASKING = /^(dynamodb|execute-api|[^:]*[*?][^:]*)(:|$)/i;

/** What a statement may say; Sid is only its name. */
const MEMBERS = ["Sid", "Effect", "Action", "Resource"];

/**
 * Reads the statements of a policy document. Throws a TemplateError for one with a member that is not known here, such
 * as a condition: to leave it out would allow more or less than AWS does. Of a statement about other services alone, what
 * is not known here does not matter; then the statement is left out.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
function readPolicyDocument(document: PropertyReader): PolicyStatement[] {
  return (
    document
      .maps("Statement")
      // One that Fn::If leaves out.
      .filter(({ names }) => names.length > 0)
      .flatMap(readStatementOf)
  );
}

function readStatementOf(statement: PropertyReader): PolicyStatement[] {
  try {
    return [readStatement(statement)];
  } catch (error) {
    if (error instanceof TemplateError && isAboutOthers(statement)) {
      return [];
    }
    throw error;
  }
}

function isAboutOthers(statement: PropertyReader): boolean {
  const actions = statement.texts("Action");
  return actions.length > 0 && actions.every((action) => !ASKING.test(action));
}

function readStatement(statement: PropertyReader): PolicyStatement {
  const unknown = statement.names.find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) {
    statement.fail(unknown, "is not known here");
  }
  const effect = statement.text("Effect");
  if (effect !== "Allow" && effect !== "Deny") {
    statement.fail("Effect", "must be Allow or Deny");
  }
  return { effect, actions: statement.texts("Action"), resources: statement.texts("Resource") };
}

/**
 * The statements of the policies that are resources of their own and name the role to which they belong. Templates have
 * them when a policy inside the function would make a circle.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
function attachedStatements(scope: Scope, roleName: string): PolicyStatement[] {
  const policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"].flatMap(
    (type) => existingResources(scope, type),
  );
  return policies
    .map((policy) => PropertyReader.of(scope, policy))
    .filter((policy) => [policy.text("RoleName"), ...policy.texts("Roles")].includes(roleName))
    .flatMap((policy) => readPolicyDocument(policy.map("PolicyDocument")));
}

/** What each permission of a connector from a function to a table allows. */
const OPERATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Read", ["GetItem", "Query", "Scan", "BatchGetItem", "ConditionCheckItem", "PartiQLSelect"]],
  [
    "Write",
    [
      ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"],
      ...["PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"],
    ],
  ],
]);

/** What a connector with these permissions allows on the resource with this ARN. */
type Destination = (arn: string, permissions: readonly string[]) => PolicyStatement[];

const DESTINATIONS: ReadonlyMap<string, Destination> = new Map([
  ["AWS::DynamoDB::Table", useTable],
  ["AWS::Serverless::SimpleTable", useTable],
  ["AWS::Lambda::Function", invokeFunction],
  ["AWS::Serverless::Function", invokeFunction],
]);

/**
 * The statements that SAM's connectors give a function for the template's tables and functions, whether they are
 * resources of their own or stand in the function. Connectors to anything else give none: nothing here asks for what
 * they permit.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
function connectorStatements(scope: Scope, functionId: string): PolicyStatement[] {
  return connectorsOf(scope, functionId).flatMap((connector) => {
    const permissions = connector.texts("Permissions");
    return connector.maps("Destination").flatMap((destination) => {
      const logicalId = destination.text("Id") ?? "";
      const allow = DESTINATIONS.get(scope.resources.get(logicalId)?.type ?? "");
      return allow?.(scope.attribute(logicalId, "Arn", destination.path("Id")), permissions) ?? [];
    });
  });
}

function useTable(arn: string, permissions: readonly string[]): PolicyStatement[] {
  const operations = permissions.flatMap((name) => OPERATIONS.get(name) ?? []);
  const actions = operations.map((operation) => `dynamodb:${operation}`);
  return [{ effect: "Allow", actions, resources: [arn, `${arn}/index/*`] }];
}

function invokeFunction(arn: string, permissions: readonly string[]): PolicyStatement[] {
  const actions = ["lambda:InvokeAsync", "lambda:InvokeFunction"];
  return permissions.includes("Write") ? [{ effect: "Allow", actions, resources: [arn] }] : [];
}

/** The connectors that begin at a resource: those that are resources of their own, and those that stand in it. */
export function connectorsOf(scope: Scope, sourceId: string): PropertyReader[] {
  const own = existingResources(scope, "AWS::Serverless::Connector")
    .map((connector): PropertyReader => PropertyReader.of(scope, connector))
    .filter((connector) => connector.map("Source").text("Id") === sourceId);
  const { content } = scope.template;
  const resources = isRecord(content) && isRecord(content.Resources) ? content.Resources : {};
  const resource = resources[sourceId];
  const path = ["Resources", sourceId];
  const embedded: PropertyReader = new PropertyReader(
    scope,
    path,
    isRecord(resource) ? resource : {},
  );
  const connectors: PropertyReader = embedded.map("Connectors");
  return [...own, ...connectors.names.map((name) => connectors.map(name).map("Properties"))];
}

/** The role under which a function acts. */
export interface ExecutionRole {
  readonly name: string;
  /** The ARN of a role that is not of this template, which the function may therefore do everything under; else absent. */
  readonly foreignArn?: string;
}

/** Stands for the policies of a role that nobody here knows. */
const EVERYTHING: PolicyStatement = { effect: "Allow", actions: ["*"], resources: ["*"] };

/** Under which role a function acts, and what that role may do. */
interface RoleAndPolicies {
  /** Absent when SAM makes the role. */
  readonly role?: ExecutionRole;
  readonly policies: readonly PolicyStatement[];
}

/**
 * Reads what a function may do: its Policies, or when it has a Role, that role's own policies and managed ones; SAM
 * ignores Policies then. Policies that the template attaches to the role, and its connectors, count in both cases. A role of somewhere else
 * may do everything, because what it may do on AWS is not known here.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-role
 */
export function readExecutionRole(scope: Scope, resource: TemplateResource): RoleAndPolicies {
  const { logicalId, properties } = resource;
  const arn = PropertyReader.of(scope, resource).text("Role");
  const path = ["Resources", logicalId, "Properties"];
  const connected = connectorStatements(scope, logicalId);
  if (arn === undefined) {
    const own = readPolicies(scope, properties.Policies, [...path, "Policies"]);
    const roleName = `${scope.stack.name}-${logicalId}Role`;
    return { policies: [...own, ...attachedStatements(scope, roleName), ...connected] };
  }
  const role = existingResources(scope, "AWS::IAM::Role").find(
    (candidate) => scope.attribute(candidate.logicalId, "Arn", [...path, "Role"]) === arn,
  );
  if (role === undefined) {
    const name = arn.slice(arn.lastIndexOf("/") + 1);
    return { role: { name, foreignArn: arn }, policies: [EVERYTHING] };
  }
  const name = resourceName(scope, role);
  return {
    role: { name },
    policies: [...readRole(scope, role), ...attachedStatements(scope, name), ...connected],
  };
}

function readRole(scope: Scope, role: TemplateResource): PolicyStatement[] {
  const properties: PropertyReader = PropertyReader.of(scope, role);
  const { ManagedPolicyArns } = role.properties;
  return [
    ...properties
      .maps("Policies")
      .flatMap((policy) => readPolicyDocument(policy.map("PolicyDocument"))),
    ...readPolicies(scope, ManagedPolicyArns, properties.path("ManagedPolicyArns")),
  ];
}
