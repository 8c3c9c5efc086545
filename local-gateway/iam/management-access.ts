import type { SignedRequest } from "../sigv4/canonical-request.ts";
import {
  type AccessRejection,
  Authenticator,
  describeDenial,
  describeSignatureRejection,
} from "./authenticator.ts";
import { type Denial, findDenial, type Permission } from "./policy.ts";
import { type Account, localAccount, type Principals } from "./principals.ts";

/** The API whose management API is guarded, and who may sign calls of it. */
interface ManagementAccessOptions {
  readonly api: { readonly apiId: string; readonly stage: string };
  readonly region: string;
  readonly principals: Principals;
}

/**
 * Who may call the management API of one stage: a call has to be signed for execute-api, and a function needs
 * `execute-api:ManageConnections` for the call's method. A path below the stage that is not the management API's needs
 * `execute-api:Invoke`; AWS looks at that right before it says that there is no such path.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export class ManagementAccess {
  readonly #api: ManagementAccessOptions["api"];
  readonly #account: Account;
  readonly #authenticator: Authenticator;

  constructor({ api, region, principals }: ManagementAccessOptions) {
    this.#api = api;
    this.#account = localAccount(region);
    this.#authenticator = new Authenticator({ service: "execute-api", region, principals });
  }

  /**
   * Why this call may not be made, status 403 on AWS; undefined when it may. Takes the decoded connection id; undefined
   * for any other path below the stage.
   */
  reject(request: SignedRequest, connectionId: string | undefined): AccessRejection | undefined {
    const caller = this.#authenticator.authenticate(request);
    if ("errorType" in caller) {
      const { errorType, message } = caller;
      const problem = describeSignatureRejection(caller);
      return { errorType, body: JSON.stringify({ message }), problem };
    }
    const denial = findDenial(caller, [this.#permission(request, connectionId)]);
    return (
      denial && {
        errorType: "AccessDeniedException",
        body: JSON.stringify({ Message: managementDenialMessage(denial) }),
        // To add the other permission would not make the path right.
        problem:
          connectionId === undefined
            ? `${denial.functionId} may not ${denial.permission.action} there`
            : describeDenial(denial),
      }
    );
  }

  #permission({ method, url }: SignedRequest, connectionId: string | undefined): Permission {
    const { apiId, stage } = this.#api;
    const call = { apiId, stage, method };
    if (connectionId !== undefined) {
      return managementPermission({ ...call, connectionId }, this.#account);
    }
    const [path = ""] = url.split("?", 1);
    return invokePermission({ ...call, route: path.slice(`/${stage}/`.length) }, this.#account);
  }
}

/** A request to a path of the stage. */
interface StageCall {
  readonly apiId: string;
  readonly stage: string;
  /** For example `POST`. */
  readonly method: string;
}

/** A call of the management API. */
interface ManagementCall extends StageCall {
  /** Decoded, so with its `=` at the end. */
  readonly connectionId: string;
}

/**
 * What a call of the management API needs. The method is part of the resource: who may post may not yet delete.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export function managementPermission(
  { apiId, stage, method, connectionId }: ManagementCall,
  { partition, region, accountId }: Account,
): Permission {
  return {
    action: "execute-api:ManageConnections",
    resource: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/@connections/${connectionId}`,
  };
}

/**
 * What a request to any other path below the stage needs. `route` is that path as it came over the wire, without its
 * first slash: a recorded denial shows a connection id with `%3D`.
 *
 * @see https://github.com/architect/functions/issues/130
 */
function invokePermission(
  { apiId, stage, method, route }: StageCall & { readonly route: string },
  { partition, region, accountId }: Account,
): Permission {
  return {
    action: "execute-api:Invoke",
    resource: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/${route}`,
  };
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
