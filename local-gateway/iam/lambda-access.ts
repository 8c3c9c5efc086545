import type { SignedRequest } from "../sigv4/canonical-request.ts";
import {
  type AccessRejection,
  Authenticator,
  describeDenial,
  describeSignatureRejection,
} from "./authenticator.ts";
import { denialMessage, findDenial } from "./policy.ts";
import type { Principals } from "./principals.ts";

/** Who may sign calls of Lambda, and for which region. */
interface LambdaAccessOptions {
  readonly region: string;
  readonly principals: Principals;
}

/**
 * Who may invoke functions: a call has to be signed for lambda, and a function needs `lambda:InvokeFunction` on the
 * function that it invokes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-identity-based.html
 */
export class LambdaAccess {
  readonly #authenticator: Authenticator;

  constructor({ region, principals }: LambdaAccessOptions) {
    this.#authenticator = new Authenticator({ service: "lambda", region, principals });
  }

  /**
   * Why this call may not be made, status 403 on AWS; undefined when it may. Takes the ARN of the function, with the
   * qualifier if the call has one; a call that names none needs a signature only, for Lambda rejects it anyway.
   */
  reject(request: SignedRequest, functionArn: string | undefined): AccessRejection | undefined {
    const caller = this.#authenticator.authenticate(request);
    if ("errorType" in caller) {
      const { errorType, message } = caller;
      const problem = describeSignatureRejection(caller);
      return { errorType, body: JSON.stringify({ message }), problem };
    }
    const needed =
      functionArn === undefined ? [] : [{ action: "lambda:InvokeFunction", resource: functionArn }];
    const denial = findDenial(caller, needed);
    return (
      denial && {
        errorType: "AccessDeniedException",
        body: JSON.stringify({ Message: denialMessage(denial) }),
        problem: describeDenial(denial),
      }
    );
  }
}
