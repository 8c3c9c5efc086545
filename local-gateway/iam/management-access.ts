import type { SignedRequest } from "../sigv4/canonical-request.ts";
import type { AccessRefusal } from "./access-refusal.ts";
import type { Account } from "./account.ts";
import { Authenticator } from "./authenticator.ts";
import { describeDenial } from "./describe-denial.ts";
import { describeSignatureRefusal } from "./describe-signature-refusal.ts";
import { localAccount } from "./local-account.ts";
import { findDenial } from "./policies/find-denial.ts";
import { managementDenialMessage } from "./policies/management-denial-message.ts";
import { invokePermission, managementPermission } from "./policies/management-permission.ts";
import type { Permission } from "./policies/permission.ts";
import type { Principals } from "./principals.ts";

/** The API whose management API is guarded, and who may sign calls of it. */
export interface ManagementAccessOptions {
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
  refuse(request: SignedRequest, connectionId: string | undefined): AccessRefusal | undefined {
    const caller = this.#authenticator.authenticate(request);
    if ("errorType" in caller) {
      const { errorType, message } = caller;
      const problem = describeSignatureRefusal(caller);
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
