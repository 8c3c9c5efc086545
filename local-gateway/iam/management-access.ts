import type { SignedRequest } from "../sigv4/canonical-request.ts";
import { Access } from "./access.ts";
import { type Denial, describeDenial, type Permission } from "./policy.ts";
import { type Account, localAccount, type Principals } from "./principals.ts";

const MANAGE_CONNECTIONS = "execute-api:ManageConnections";

/** The API whose management API is protected, and who may sign calls of it. */
interface ManagementAccessOptions {
  readonly api: { readonly apiId: string; readonly stage: string };
  readonly region: string;
  readonly principals: Principals;
}

/**
 * Who may call the management API of one stage: a function needs `execute-api:ManageConnections` for the call's method.
 * A path below the stage that is not the management API's needs `execute-api:Invoke`; AWS checks that right before it says
 * that there is no such path. Denied calls have status 403.
 *
 * A call is the decoded connection id, with its `=` at the end; undefined for any other path below the stage.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export class ManagementAccess extends Access<string | undefined> {
  readonly #api: ManagementAccessOptions["api"];
  readonly #account: Account;

  constructor({ api, region, principals }: ManagementAccessOptions) {
    super({ service: "execute-api", region, principals });
    this.#api = api;
    this.#account = localAccount(region);
  }

  /**
   * The method is part of the resource: who may post may not yet delete. Another path is part of it as it came over the
   * wire: a recorded denial shows a connection id with `%3D`.
   *
   * @see https://github.com/architect/functions/issues/130
   */
  protected override permissions(
    connectionId: string | undefined,
    { method, url }: SignedRequest,
  ): Permission[] {
    const { apiId, stage } = this.#api;
    const { partition, region, accountId } = this.#account;
    const stageArn = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}`;
    if (connectionId !== undefined) {
      const resource = `${stageArn}/${method}/@connections/${connectionId}`;
      return [{ action: MANAGE_CONNECTIONS, resource }];
    }
    const [path = ""] = url.split("?", 1);
    const route = path.slice(`/${stage}/`.length);
    return [{ action: "execute-api:Invoke", resource: `${stageArn}/${method}/${route}` }];
  }

  protected override denialBody(denial: Denial): object {
    return { Message: managementDenialMessage(denial) };
  }

  protected override describe(denial: Denial, connectionId: string | undefined): string {
    // To add the permission for another path would not make the path right.
    return connectionId === undefined
      ? `${denial.functionId} may not ${denial.permission.action} there`
      : describeDenial(denial);
  }
}

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
function managementDenialMessage({ principal, permission, explicit }: Denial): string {
  const { action, resource } = permission;
  const shown =
    action === MANAGE_CONNECTIONS ? resource.replace(CONNECTION_ID, "/{connectionId}") : resource;
  const masked = shown.replace(ACCOUNT_ID, ":********$1:");
  const reason = explicit ? " with an explicit deny in an identity-based policy" : "";
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${masked}${reason}`;
}
