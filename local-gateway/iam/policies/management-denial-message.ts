import type { Denial } from "./find-denial.ts";

/** The account in an ARN, of which API Gateway shows the last four digits. */
const ACCOUNT_ID = /:\d{8}(\d{4}):/;
/** The last part of an ARN. */
const CONNECTION_ID = /\/[^/]*$/;

/**
 * The text with which API Gateway denies a call of the management API, or of another path below the stage (403,
 * AccessDeniedException, in the member `Message`). It does not show the whole account, it shows the words
 * `{connectionId}` in place of a connection that may not be managed, and it gives a reason for an explicit deny only.
 *
 * @see https://github.com/aws/aws-cdk/issues/18410,
 *   https://github.com/aws-solutions/innovation-sandbox-on-aws/pull/59 and
 *   https://github.com/architect/functions/issues/130
 */
export function managementDenialMessage({ principal, permission, explicit }: Denial): string {
  const { action, resource } = permission;
  const shown =
    action === "execute-api:ManageConnections"
      ? resource.replace(CONNECTION_ID, "/{connectionId}")
      : resource;
  const masked = shown.replace(ACCOUNT_ID, ":********$1:");
  const reason = explicit ? " with an explicit deny in an identity-based policy" : "";
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${masked}${reason}`;
}
