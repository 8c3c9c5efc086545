import { createHmac, hash } from "node:crypto";
import type { KnownCredentials } from "../known-credentials.ts";
import { canonicalRequest } from "./canonical-request.ts";
import { checkCredentialScope } from "./check-credential-scope.ts";
import { checkSignedHost } from "./check-signed-host.ts";
import { checkSigningTime } from "./check-signing-time.ts";
import type { CredentialScope } from "./credential-scope.ts";
import { equalTexts } from "./equal-texts.ts";
import { formatSigningTime } from "./format-signing-time.ts";
import { parseSigningTime } from "./parse-signing-time.ts";
import { readCredentialScope } from "./read-credential-scope.ts";
import { type RequestHeaders, readRequestHeaders } from "./read-request-headers.ts";
import { readSignatureClaim } from "./read-signature-claim.ts";
import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureClaim } from "./signature-claim.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";
import type { SignatureVerdict } from "./signature-verdict.ts";
import type { SignedRequest } from "./signed-request.ts";
import { SigningKeys } from "./signing-keys.ts";
import type { SigningService } from "./signing-service.ts";

/** What requests have to be signed for, and who may sign them. */
export interface SignatureVerifierOptions {
  readonly service: SigningService;
  readonly region: string;
  /** Undefined for an access key id that nobody has. */
  readonly findCredentials: (accessKeyId: string) => KnownCredentials | undefined;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** AWS goes on with the canonical request. Here it is left out: it would repeat the request's headers in logs. */
const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/**
 * Verifies the signatures (SigV4) of the requests to one service, in the Authorization header or in a presigned URL. It
 * checks what AWS checks, in the order in which AWS complains.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class SignatureVerifier {
  readonly #options: SignatureVerifierOptions;
  readonly #keys = new SigningKeys();

  constructor(options: SignatureVerifierOptions) {
    this.#options = options;
  }

  /** Verifies one request that arrived at `now`. Never throws, whatever the request holds. */
  verify(request: SignedRequest, now: Date): SignatureVerdict {
    const { service } = this.#options;
    const headers = readRequestHeaders(request.rawHeaders);
    const claim = readSignatureClaim(request.url, headers, service);
    if ("outcome" in claim) {
      return claim;
    }
    const signedAt = parseSigningTime(claim.date);
    if (signedAt === undefined) {
      return refuseSignature(
        "IncompleteSignatureException",
        `Date must be in ISO-8601 'basic format'. Got '${claim.date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      );
    }
    return (
      checkSigningTime(signedAt, now.getTime(), service) ??
      checkSignedHost(claim.signedHeaders) ??
      checkAlgorithm(claim.algorithm) ??
      this.#verifyClaim(request, headers, claim, formatSigningTime(signedAt))
    );
  }

  #verifyClaim(
    request: SignedRequest,
    headers: RequestHeaders,
    claim: SignatureClaim,
    signedAt: string,
  ): SignatureVerdict {
    const { service, region, findCredentials } = this.#options;
    const scope = readCredentialScope(claim.credential);
    if ("outcome" in scope) {
      return scope;
    }
    const refusal = checkCredentialScope(scope, { region, service, signedAt });
    if (refusal) {
      return refusal;
    }
    const credentials = findCredentials(scope.accessKeyId);
    if (!credentials) {
      return invalidToken();
    }
    const expected = this.#sign(
      canonicalRequest(request, headers, claim),
      signedAt,
      scope,
      credentials,
    );
    if (!equalTexts(expected, claim.signature)) {
      return refuseSignature("InvalidSignatureException", MISMATCH);
    }
    const { sessionToken } = credentials;
    // AWS rejects a token next to lasting credentials. Here they are the developer's, and tools send a token they made up.
    return sessionToken === undefined || equalTexts(sessionToken, claim.sessionToken ?? "")
      ? { outcome: "verified", accessKeyId: scope.accessKeyId }
      : invalidToken();
  }

  #sign(
    canonical: string,
    signedAt: string,
    scope: CredentialScope,
    { secretAccessKey }: KnownCredentials,
  ): string {
    const { date, region, service, terminator } = scope;
    // Header values are as many characters as they had bytes.
    const digest = hash("sha256", Buffer.from(canonical, "latin1"));
    return createHmac("sha256", this.#keys.key(secretAccessKey, scope))
      .update(`${ALGORITHM}\n${signedAt}\n${date}/${region}/${service}/${terminator}\n${digest}`)
      .digest("hex");
  }
}

function checkAlgorithm(algorithm: string): SignatureRefusal | undefined {
  return algorithm === ALGORITHM
    ? undefined
    : refuseSignature(
        "IncompleteSignatureException",
        `Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). `,
      );
}

function invalidToken(): SignatureRefusal {
  return refuseSignature(
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  );
}
