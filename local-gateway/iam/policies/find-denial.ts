import type { Principal } from "../principal.ts";
import { evaluatePolicies } from "./evaluate-policies.ts";
import type { Permission } from "./permission.ts";

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
