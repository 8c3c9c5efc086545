import { isIntrinsic } from "./is-intrinsic.ts";
import { isRecord } from "./is-record.ts";
import { managedPolicyStatements } from "./managed-policy-statements.ts";
import { NO_VALUE } from "./no-value.ts";
import type { PolicyStatement } from "./policy-statement.ts";
import { policyTemplateStatements } from "./policy-template-statements.ts";
import { PropertyReader } from "./property-reader.ts";
import { readPolicyDocument } from "./read-policy-document.ts";
import { referredPolicy } from "./referred-policy.ts";
import type { Scope } from "./scope.ts";
import type { TemplatePath } from "./template-file.ts";

/**
 * Reads the policies of a function or role, one or a list of them: inline documents, managed policies of the template,
 * managed policies of AWS by name or ARN, and SAM's policy templates. Of the last two kinds those for other services
 * than API Gateway, DynamoDB and Lambda give no statements: nothing here asks for what they permit.
 *
 * Throws a TemplateError for a policy whose statements could count here and are not known.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
 */
export function readPolicies(
  scope: Scope,
  policies: unknown,
  path: TemplatePath,
): PolicyStatement[] {
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
