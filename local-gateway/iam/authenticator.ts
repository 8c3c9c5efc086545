import type { SignedRequest } from "../sigv4/canonical-request.ts";
import type { SignatureRejection, SigningService } from "../sigv4/claim.ts";
import { SignatureVerifier } from "../sigv4/verify.ts";
import type { Principal } from "./principal.ts";
import type { Principals } from "./principals.ts";

/** Whose requests are accepted, and where they have to be signed for. */
export interface AuthenticatorOptions {
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
