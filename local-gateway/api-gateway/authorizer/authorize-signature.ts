import type { IncomingMessage } from "node:http";
import type { Authenticator } from "../../iam/authenticator.ts";
import { describeDenial } from "../../iam/describe-denial.ts";
import { describeSignatureRefusal } from "../../iam/describe-signature-refusal.ts";
import { findDenial } from "../../iam/policies/find-denial.ts";

/** Why an upgrade may not be made. */
export interface SignatureDenial {
  readonly status: 403;
  /** For the console. */
  readonly problem: string;
}

/**
 * Checks an upgrade of an API with AWS_IAM authorization: it has to be signed for execute-api, in its headers or, as
 * browsers do it, in its query string, by someone who may `execute-api:Invoke` the `$connect` route. Undefined when it
 * is.
 *
 * @param resource the ARN of the route
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export function authorizeSignature(
  authenticator: Authenticator,
  { method = "", url = "", rawHeaders }: IncomingMessage,
  resource: string,
): SignatureDenial | undefined {
  const caller = authenticator.authenticate({ method, url, rawHeaders, body: Buffer.alloc(0) });
  if ("errorType" in caller) {
    return { status: 403, problem: describeSignatureRefusal(caller) };
  }
  const denial = findDenial(caller, [{ action: "execute-api:Invoke", resource }]);
  return denial && { status: 403, problem: describeDenial(denial) };
}
