import type { Denial } from "./find-denial.ts";

/**
 * The text with which DynamoDB and Lambda refuse a call (AccessDeniedException, in the member `Message`).
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
