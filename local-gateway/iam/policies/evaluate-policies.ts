import type { PolicyStatement } from "../../template/policy-statement.ts";
import { matchesPattern } from "./matches-pattern.ts";
import type { Permission } from "./permission.ts";

/** What policies say of a permission: a Deny that covers it, or else an Allow, or neither of them. */
export type PolicyDecision = "allowed" | "explicitly denied" | "implicitly denied";

/**
 * Decides as IAM does for the policies of one role: one Deny is stronger than every Allow, and what nothing allows is
 * denied. Actions are compared in any case, resources exactly.
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
