import { existingResources } from "./existing-resources.ts";
import type { PolicyStatement } from "./policy-statement.ts";
import { PropertyReader } from "./property-reader.ts";
import { readPolicyDocument } from "./read-policy-document.ts";
import type { Scope } from "./scope.ts";

/**
 * The statements of the policies that are resources of their own and name the role to which they belong. Templates have
 * them when a policy inside the function would make a circle.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
export function attachedStatements(scope: Scope, roleName: string): PolicyStatement[] {
  const policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"].flatMap(
    (type) => existingResources(scope, type),
  );
  return policies
    .map((policy) => PropertyReader.of(scope, policy))
    .filter((policy) => [policy.text("RoleName"), ...policy.texts("Roles")].includes(roleName))
    .flatMap((policy) => readPolicyDocument(policy.map("PolicyDocument")));
}
