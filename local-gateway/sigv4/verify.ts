import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import {
  type CanonicalHeaders,
  canonicalHeaders,
  canonicalRequest,
  type SignedRequest,
} from "./canonical-request.ts";
import {
  type Credential,
  readClaim,
  readCredential,
  reject,
  type SignatureClaim,
  type SignatureRejection,
  type SigningService,
} from "./claim.ts";
import { readSigningTime } from "./signing-time.ts";

/** The secret of an access key id. Temporary credentials have a session token, which every request
 * then brings; next to any others a token is ignored. */
export interface KnownCredentials {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What requests have to be signed for, and with which credentials. */
export interface SignatureVerifierOptions {
  readonly service: SigningService;
  readonly region: string;
  /** Returns undefined for an unknown access key id. */
  readonly findCredentials: (accessKeyId: string) => KnownCredentials | undefined;
}

/** The result of verifying a signature: the owner of the access key id has signed this very request, or not. */
export type SignatureVerdict =
  | { readonly ok: true; readonly accessKeyId: string }
  | SignatureRejection;

const ALGORITHM = "AWS4-HMAC-SHA256";

/** AWS appends the canonical request. It is left out here: it would repeat the request's headers in logs. */
const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/**
 * Verifies the signatures (SigV4) of the requests to one service, in the Authorization header or in a presigned URL. It
 * checks what AWS checks, in the order in which AWS reports errors.
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
    const headers = canonicalHeaders(request.rawHeaders);
    const found = readClaim(request.url, headers, service);
    if (!found.ok) {
      return found;
    }
    const { claim } = found;
    const time = readSigningTime(claim.date, now, service);
    if (!time.ok) {
      return time;
    }
    // Without the host, the signature would be valid for any host.
    if (!claim.signedHeaders.toLowerCase().split(";").includes("host")) {
      return reject(
        "InvalidSignatureException",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      );
    }
    if (claim.algorithm !== ALGORITHM) {
      return reject(
        "IncompleteSignatureException",
        `Unsupported AWS 'algorithm': '${claim.algorithm}' (only ${ALGORITHM} for now). `,
      );
    }
    return this.#verifyClaim(request, headers, claim, time.signedAt);
  }

  #verifyClaim(
    request: SignedRequest,
    headers: CanonicalHeaders,
    claim: SignatureClaim,
    signedAt: string,
  ): SignatureVerdict {
    const { service, region, findCredentials } = this.#options;
    const read = readCredential(claim.credential, { region, service, signedAt });
    if (!read.ok) {
      return read;
    }
    const { credential } = read;
    const known = findCredentials(credential.accessKeyId);
    if (!known) {
      return invalidToken();
    }
    const key = this.#keys.key(known.secretAccessKey, credential);
    const expected = sign(canonicalRequest(request, headers, claim), key, credential, signedAt);
    if (!equalTexts(expected, claim.signature)) {
      return reject("InvalidSignatureException", MISMATCH);
    }
    const { sessionToken } = known;
    // AWS rejects a token next to lasting credentials. Here they are the developer's, and tools send a token they made up.
    return sessionToken === undefined || equalTexts(sessionToken, claim.sessionToken ?? "")
      ? { ok: true, accessKeyId: credential.accessKeyId }
      : invalidToken();
  }
}

interface SigningKey {
  readonly date: string;
  readonly secretAccessKey: string;
  /** A key object, because setting up a key from its bytes takes longer than signing with it. */
  readonly key: KeyObject;
}

/** The signing keys of one region and service, one for each access key id: that of the day it was used last. */
class SigningKeys {
  readonly #keys = new Map<string, SigningKey>();

  /**
   * Derives the key that signs in the scope of this credential, or returns the one that was derived before.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
   */
  key(
    secretAccessKey: string,
    { accessKeyId, date, region, service, terminator }: Credential,
  ): KeyObject {
    const known = this.#keys.get(accessKeyId);
    if (known?.date === date && known.secretAccessKey === secretAccessKey) {
      return known.key;
    }
    let bytes = Buffer.from(`AWS4${secretAccessKey}`);
    for (const part of [date, region, service, terminator]) {
      bytes = createHmac("sha256", bytes).update(part).digest();
    }
    const key = createSecretKey(bytes);
    this.#keys.set(accessKeyId, { date, secretAccessKey, key });
    return key;
  }
}

/**
 * Signs a canonical request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign
 */
function sign(
  canonical: string,
  key: KeyObject,
  { date, region, service, terminator }: Credential,
  signedAt: string,
): string {
  // Node gives each byte of a header as one character.
  const digest = hash("sha256", Buffer.from(canonical, "latin1"));
  const stringToSign = `${ALGORITHM}\n${signedAt}\n${date}/${region}/${service}/${terminator}\n${digest}`;
  return createHmac("sha256", key).update(stringToSign).digest("hex");
}

/** Compares two texts in a time that does not depend on where they differ. */
function equalTexts(one: string, other: string): boolean {
  const [oneBytes, otherBytes] = [Buffer.from(one), Buffer.from(other)];
  return oneBytes.length === otherBytes.length && timingSafeEqual(oneBytes, otherBytes);
}

function invalidToken(): SignatureRejection {
  return reject(
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  );
}
