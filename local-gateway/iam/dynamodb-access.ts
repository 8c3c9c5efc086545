import type { SignedRequest } from "../sigv4/canonical-request.ts";
import type { AccessRefusal } from "./access-refusal.ts";
import type { Account } from "./account.ts";
import { Authenticator } from "./authenticator.ts";
import { describeDenial } from "./describe-denial.ts";
import { describeSignatureRefusal } from "./describe-signature-refusal.ts";
import { localAccount } from "./local-account.ts";
import { denialMessage } from "./policies/denial-message.ts";
import { dynamodbPermissions } from "./policies/dynamodb-permissions.ts";
import { findDenial } from "./policies/find-denial.ts";
import type { Principals } from "./principals.ts";

/** Where the names of DynamoDB's errors belong. */
const NAMESPACE = "com.amazon.coral.service#";

/** Who may sign calls of DynamoDB, and for which region. */
export interface DynamoDbAccessOptions {
  readonly region: string;
  readonly principals: Principals;
}

/**
 * Who may call DynamoDB: a call has to be signed, and a function needs the call's actions for its tables and indexes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export class DynamoDbAccess {
  readonly #account: Account;
  readonly #authenticator: Authenticator;

  constructor({ region, principals }: DynamoDbAccessOptions) {
    this.#account = localAccount(region);
    this.#authenticator = new Authenticator({ service: "dynamodb", region, principals });
  }

  /**
   * Why this call may not be made, status 400 on AWS; undefined when it may. A request that names no operation, or whose
   * body is no JSON, has no call and needs a signature only: DynamoDB refuses it anyway.
   */
  refuse(
    request: SignedRequest,
    call: { readonly operation: string; readonly body: unknown } | undefined,
  ): AccessRefusal | undefined {
    const caller = this.#authenticator.authenticate(request);
    if ("errorType" in caller) {
      const { errorType, message } = caller;
      const body = JSON.stringify({ __type: `${NAMESPACE}${errorType}`, message });
      return { errorType, body, problem: describeSignatureRefusal(caller) };
    }
    const permissions = call ? dynamodbPermissions(call.operation, call.body, this.#account) : [];
    const denial = findDenial(caller, permissions);
    if (denial === undefined) {
      return;
    }
    const errorType = "AccessDeniedException";
    const Message = denialMessage(denial);
    const body = JSON.stringify({ __type: `${NAMESPACE}${errorType}`, Message });
    return { errorType, body, problem: describeDenial(denial) };
  }
}
