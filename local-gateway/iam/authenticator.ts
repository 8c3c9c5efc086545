import type { SignedRequest } from "../sigv4/canonical-request.ts";
import type { SignatureRejection, SigningService } from "../sigv4/claim.ts";
import { SignatureVerifier } from "../sigv4/verify.ts";
import { printable } from "../text.ts";
import type { Principal, Principals } from "./principals.ts";

/** Whose requests are accepted, and where they have to be signed for. */
export interface AuthenticatorOptions {
  readonly service: SigningService;
  readonly region: string;
  /** May grow while requests come in. */
  readonly principals: Principals;
}

/** Who signed a request, or why it does not count as signed. */
type Authentication = { readonly ok: true; readonly principal: Principal } | SignatureRejection;

/**
 * Finds out who signed the requests to one service.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class Authenticator {
  readonly #principals: Principals;
  readonly #verifier: SignatureVerifier;

  constructor({ service, region, principals }: AuthenticatorOptions) {
    this.#principals = principals;
    this.#verifier = new SignatureVerifier({
      service,
      region,
      findCredentials: (accessKeyId) => principals.findCredentials(accessKeyId),
    });
  }

  /** Who signed a request that has just arrived. */
  authenticate(request: SignedRequest): Authentication {
    const verdict = this.#verifier.verify(request, new Date());
    if (!verdict.ok) {
      return verdict;
    }
    const principal = this.#principals.find(verdict.accessKeyId);
    if (principal === undefined) {
      throw new Error(`No principal has the access key id ${verdict.accessKeyId} any more.`);
    }
    return { ok: true, principal };
  }
}

/** Characters that are enough for one line: what a caller wrote may be part of a message. */
const MAX_LENGTH = 240;

/**
 * Why a request does not count as signed, in one line for the log. What an incomplete signature consists of is left out:
 * AWS's own words repeat the whole header.
 */
export function describeSignatureRejection({ errorType, message }: SignatureRejection): string {
  switch (errorType) {
    case "MissingAuthenticationTokenException":
      return "the request is not signed; functions sign with their own credentials, you with local / local";
    case "IncompleteSignatureException":
      return "the signature is incomplete";
    case "UnrecognizedClientException":
      return "these credentials are unknown; functions have their own, you have local / local";
    case "InvalidSignatureException":
      return printable(message).slice(0, MAX_LENGTH).trim();
  }
}
