import type { PolicyStatement } from "../template/known-policies.ts";
import { printable } from "../text.ts";
import { matchesPattern } from "../wildcards.ts";
import type { Principal } from "./principals.ts";

/** What policies say about a permission: a Deny covers it, or else an Allow, or neither. */
type PolicyDecision = "allowed" | "explicitly denied" | "implicitly denied";

/**
 * Decides as IAM does for the policies of one role: one Deny overrides every Allow, and what no statement allows is denied. Actions are compared in any case, resources exactly.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(
  statements: readonly PolicyStatement[],
  permission: Permission,
): PolicyDecision {
  const covering = statements.filter((statement) => covers(statement, permission));
  if (covering.some(({ effect }) => effect === "Deny")) {
    return "explicitly denied";
  }
  return covering.length > 0 ? "allowed" : "implicitly denied";
}

function covers({ actions, resources }: PolicyStatement, permission: Permission): boolean {
  const action = permission.action.toLowerCase();
  return (
    actions.some((pattern) => matchesPattern(pattern.toLowerCase(), action)) &&
    resources.some((pattern) => matchesPattern(pattern, permission.resource))
  );
}

/** One thing that a request does: the action in IAM's words, and the ARN of what it is done to, or `*`. */
export interface Permission {
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
}

/** A permission that a principal does not have. */
export interface Denial {
  /** The logical id of the function. */
  readonly functionId: string;
  /** The ARN of the principal. */
  readonly principal: string;
  readonly permission: Permission;
  /** True when a policy denies it, false when none allows it. */
  readonly explicit: boolean;
}

/**
 * The first of `permissions` that the principal does not have, undefined when it has them all. The developer has all.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function findDenial(
  principal: Principal,
  permissions: readonly Permission[],
): Denial | undefined {
  if (principal.kind === "developer") {
    return;
  }
  for (const permission of permissions) {
    const decision = evaluatePolicies(principal.policies, permission);
    if (decision !== "allowed") {
      const explicit = decision === "explicitly denied";
      const { functionId, arn } = principal;
      return { functionId, principal: arn, permission, explicit };
    }
  }
  return;
}

/**
 * The text with which DynamoDB and Lambda deny a call (AccessDeniedException, in the member `Message`).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage({ principal, permission, explicit }: Denial): string {
  const { action, resource } = permission;
  const reason = explicit
    ? "with an explicit deny in an identity-based policy"
    : `because no identity-based policy allows the ${action} action`;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}

/** A denial in one line for the log: who may not do what to what, and where the author of the template changes that. */
export function describeDenial({ functionId, permission, explicit }: Denial): string {
  const advice = explicit
    ? "a Deny in the function's policies forbids it"
    : "add it to the function's policies";
  const { action, resource } = permission;
  return printable(`${functionId} may not ${action} on ${resource}: ${advice}`);
}
