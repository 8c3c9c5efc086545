import { attachedStatements } from "./attached-statements.ts";
import { connectorStatements } from "./connector-statements.ts";
import type { ExecutionRole } from "./execution-role.ts";
import { existingResources } from "./existing-resources.ts";
import type { PolicyStatement } from "./policy-statement.ts";
import { PropertyReader } from "./property-reader.ts";
import { readPolicies } from "./read-policies.ts";
import { readPolicyDocument } from "./read-policy-document.ts";
import { resourceName } from "./resource-name.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

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
