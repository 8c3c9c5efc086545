import type { SignedRequest } from "../sigv4/canonical-request.ts";
import type { SignatureRejection, SigningService } from "../sigv4/claim.ts";
import { SignatureVerifier } from "../sigv4/verify.ts";
import { printable } from "../text.ts";
import type { Denial } from "./policy.ts";
import type { Principal, Principals } from "./principals.ts";

/** Whose requests are accepted, and where they have to be signed for. */
interface AuthenticatorOptions {
  readonly service: SigningService;
  readonly region: string;
  /** May grow while requests come in. */
  readonly principals: Principals;
}

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

  /** Who signed a request that has just arrived, or why it counts as signed by nobody. */
  authenticate(request: SignedRequest): Principal | SignatureRejection {
    const verdict = this.#verifier.verify(request, new Date());
    if (!verdict.ok) {
      return verdict;
    }
    const principal = this.#principals.find(verdict.accessKeyId);
    if (principal === undefined) {
      throw new Error(`Nobody has the access key id ${verdict.accessKeyId} any more.`);
    }
    return principal;
  }
}

/** Why a call may not be made: what its caller is answered, and what the person at this machine should know. */
export interface AccessRejection {
  /** What SDKs know the error by, for example `AccessDeniedException`. */
  readonly errorType: string;
  /** The body of the answer, JSON text. */
  readonly body: string;
  /** For the console, in one line. */
  readonly problem: string;
}

/** A denial in one line for whoever wrote the template: who may not do what to what, and where to change that. */
export function describeDenial({ functionId, permission, explicit }: Denial): string {
  const advice = explicit
    ? "a Deny in the function's policies forbids it"
    : "add it to the function's policies";
  const { action, resource } = permission;
  return printable(`${functionId} may not ${action} on ${resource}: ${advice}`);
}

/** What a caller wrote may be part of a message; this many characters of it are enough for a line. */
const MAX_LENGTH = 240;

/**
 * Why a request counts as not signed, in one line for the person at this machine. What an incomplete signature consists
 * of is left out: AWS's own words repeat the whole header.
 */
export function describeSignatureRejection({ errorType, message }: SignatureRejection): string {
  switch (errorType) {
    case "MissingAuthenticationTokenException":
      return "the request is not signed; functions sign with their own credentials, you with local / local";
    case "IncompleteSignatureException":
      return "the signature is incomplete";
    case "UnrecognizedClientException":
      return "nobody here has these credentials; functions have their own, you have local / local";
    case "InvalidSignatureException":
      return printable(message).slice(0, MAX_LENGTH).trim();
  }
}
