import type { SignedRequest } from "../sigv4/canonical-request.ts";
import type { SignatureRejection } from "../sigv4/claim.ts";
import {
  Authenticator,
  type AuthenticatorOptions,
  describeSignatureRejection,
} from "./authenticator.ts";
import {
  type Denial,
  denialMessage,
  describeDenial,
  findDenial,
  type Permission,
} from "./policy.ts";

/** Whether a caller may make a call. */
export type AccessDecision = { readonly ok: true } | AccessDenied;

/** Why a call may not be made: what its caller is answered, and what the log says. */
interface AccessDenied {
  readonly ok: false;
  /** The name that SDKs know the error by, for example `AccessDeniedException`. */
  readonly errorType: string;
  /** The body of the answer, JSON text. */
  readonly body: string;
  /** For the log, in one line. */
  readonly problem: string;
}

/**
 * Decides who may call one signed API: the call has to be signed, and its caller needs the permissions of the call. What
 * is particular to a service, its permissions and the bodies of its errors, is in a class of its own.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export abstract class Access<Call> {
  readonly #authenticator: Authenticator;

  constructor(options: AuthenticatorOptions) {
    this.#authenticator = new Authenticator(options);
  }

  /** Decides on a request that has just arrived, and on the call that was read from it. */
  authorize(request: SignedRequest, call: Call): AccessDecision {
    const caller = this.#authenticator.authenticate(request);
    if (!caller.ok) {
      const body = JSON.stringify(this.signatureErrorBody(caller));
      return {
        ok: false,
        errorType: caller.errorType,
        body,
        problem: describeSignatureRejection(caller),
      };
    }
    const denial = findDenial(caller.principal, this.permissions(call, request));
    if (denial === undefined) {
      return { ok: true };
    }
    const body = JSON.stringify(this.denialBody(denial));
    return { ok: false, errorType: ACCESS_DENIED, body, problem: this.describe(denial, call) };
  }

  /** What the caller needs. A call that the service rejects anyway needs nothing. */
  protected abstract permissions(call: Call, request: SignedRequest): readonly Permission[];

  protected signatureErrorBody({ message }: SignatureRejection): object {
    return { message };
  }

  protected denialBody(denial: Denial): object {
    return { Message: denialMessage(denial) };
  }

  protected describe(denial: Denial, _call: Call): string {
    return describeDenial(denial);
  }
}

/** The name that SDKs know the error of a missing permission by. */
export const ACCESS_DENIED = "AccessDeniedException";
