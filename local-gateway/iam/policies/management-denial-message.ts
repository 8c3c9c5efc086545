import type { Denial } from "./find-denial.ts";

/** The account in an ARN, of which API Gateway shows the last four digits. */
const ACCOUNT_ID = /:\d{8}(\d{4}):/;

/**
 * The text with which API Gateway refuses a call of the management API (403, AccessDeniedException, in the member
 * `Message`). It shows neither the whole account nor the connection, but the words `{connectionId}`, and gives a reason
 * for an explicit deny only.
 *
 * @see https://github.com/aws/aws-cdk/issues/18410 and
 *   https://github.com/aws-solutions/innovation-sandbox-on-aws/pull/59
 */
export function managementDenialMessage({ principal, permission, explicit }: Denial): string {
  const path = permission.resource.slice(0, permission.resource.lastIndexOf("/"));
  const resource = `${path.replace(ACCOUNT_ID, ":********$1:")}/{connectionId}`;
  const reason = explicit ? " with an explicit deny in an identity-based policy" : "";
  return `User: ${principal} is not authorized to perform: ${permission.action} on resource: ${resource}${reason}`;
}
