import { connectorStatements } from "./connectors.ts";
import { attempt } from "./error.ts";
import type { TemplatePath } from "./file.ts";
import {
  managedPolicyStatements,
  type PolicyStatement,
  policyTemplateStatements,
} from "./known-policies.ts";
import { PropertyReader } from "./reader.ts";
import { resourceName } from "./references.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { isIntrinsic, isRecord, NO_VALUE } from "./values.ts";

/** The role under which a function acts. */
export interface ExecutionRole {
  readonly name: string;
  /** The ARN of a role that is not in this template, under which the function may do everything; otherwise absent. */
  readonly foreignArn?: string;
}

/** The policies of a role that is not in the template. */
const EVERYTHING: PolicyStatement = { effect: "Allow", actions: ["*"], resources: ["*"] };

/** Under which role a function acts, and what that role may do. */
interface RoleAndPolicies {
  /** Absent when SAM makes the role. */
  readonly role?: ExecutionRole;
  readonly policies: readonly PolicyStatement[];
}

/**
 * Reads what a function may do: its Policies, or when it has a Role, that role's own policies and managed ones; SAM
 * ignores Policies then. Policies that the template attaches to the role, and its connectors, count in both cases. A role
 * from elsewhere may do everything, because what it may do on AWS is not known here.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-role
 */
export function readExecutionRole(scope: Scope, resource: TemplateResource): RoleAndPolicies {
  const { logicalId, properties } = resource;
  const own = PropertyReader.of(scope, resource);
  const { value: arn } = scope.withPlaceholders(() => own.string("Role"));
  const path = ["Resources", logicalId, "Properties"];
  const connected = connectorStatements(scope, logicalId);
  if (arn === undefined) {
    const policies = readPolicies(scope, properties.Policies, [...path, "Policies"]);
    const roleName = `${scope.stack.name}-${logicalId}Role`;
    return { policies: [...policies, ...attachedStatements(scope, roleName), ...connected] };
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

/**
 * Reads the policies of a function or role, one or a list of them: inline documents, managed policies of the template,
 * managed policies of AWS by name or ARN, and SAM's policy templates. Of the last two kinds, those for other services
 * than API Gateway, DynamoDB and Lambda give no statements: nothing here checks what they permit.
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

/** The managed policy of the template that a `Ref` refers to; undefined when `value` is anything else. */
function referredPolicy(scope: Scope, value: unknown): TemplateResource | undefined {
  return isRecord(value) && typeof value.Ref === "string"
    ? existingResources(scope, "AWS::IAM::ManagedPolicy").find(
        ({ logicalId }) => logicalId === value.Ref,
      )
    : undefined;
}

/** Actions of the services that check permissions here; an action may leave the service open with `*`. */
const CHECKED = /^(dynamodb|execute-api|[^:]*[*?][^:]*)(:|$)/i;

/** The supported members of a statement; Sid is only its name. */
const MEMBERS = ["Sid", "Effect", "Action", "Resource"];

/**
 * Reads the statements of a policy document. Throws a TemplateError for one with a member that is not supported, such as
 * a condition: to leave it out would allow more or less than AWS does. A statement about other services alone is left out
 * then.
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
  const read = attempt(() => readStatement(statement));
  if (read.ok) {
    return [read.value];
  }
  if (isAboutOthers(statement)) {
    return [];
  }
  throw read.error;
}

function isAboutOthers(statement: PropertyReader): boolean {
  const actions = statement.strings("Action");
  return actions.length > 0 && actions.every((action) => !CHECKED.test(action));
}

function readStatement(statement: PropertyReader): PolicyStatement {
  const unknown = statement.names.find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) {
    statement.unsupported(unknown, "is not supported");
  }
  const effect = statement.string("Effect");
  if (effect !== "Allow" && effect !== "Deny") {
    statement.fail("Effect", "must be Allow or Deny");
  }
  // What does not exist here is never called here: only the form of its ARN matters.
  const { value: resources } = statement.withPlaceholders(() => statement.strings("Resource"));
  return { effect, actions: statement.strings("Action"), resources };
}

/**
 * The statements of the policies that are resources of their own and name the role to which they belong. Templates have
 * them when a policy inside the function would make a circular dependency.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
function attachedStatements(scope: Scope, roleName: string): PolicyStatement[] {
  const policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"].flatMap(
    (type) => existingResources(scope, type),
  );
  return policies
    .map((policy) => PropertyReader.of(scope, policy))
    .filter((policy) => {
      const roles = () => [policy.string("RoleName"), ...policy.strings("Roles")];
      return policy.withPlaceholders(roles).value.includes(roleName);
    })
    .flatMap((policy) => readPolicyDocument(policy.map("PolicyDocument")));
}
