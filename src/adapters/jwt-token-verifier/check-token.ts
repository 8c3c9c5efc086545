import {
  JwtInvalidClaimError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtParseError,
} from "aws-jwt-verify/error";
import type { JwkWithKid } from "aws-jwt-verify/jwk";
import { decomposeUnverifiedJwt, validateJwtFields } from "aws-jwt-verify/jwt";
import { verifyJwtSync } from "aws-jwt-verify/jwt-verifier";

/** The library's ways to say that a token is bad. Its other errors are about its caller, or about keys. */
const BAD_TOKEN = [
  JwtParseError,
  JwtInvalidClaimError,
  JwtInvalidSignatureError,
  JwtInvalidSignatureAlgorithmError,
];

const ALGORITHMS: readonly unknown[] = ["RS256", "ES256"];

/** In bytes. */
const ES256_SIGNATURE = 64;

/** The end of the year 9999, in seconds since 1970. A time after it was meant in milliseconds, or never to come. */
const LATEST = 253_402_300_799;

/**
 * The claims of a token that is valid now, of this issuer and for this audience, or undefined. `findKey` is asked only
 * about tokens that would be valid if they were signed; rejects as it does.
 */
export async function checkToken(
  token: string,
  expected: { readonly issuer: string; readonly audience: string },
  findKey: (kid: string) => Promise<JwkWithKid | undefined>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { header, payload } = decomposeUnverifiedJwt(token);
    const { alg, kid, crit } = header;
    // Whoever does not know what `crit` lists has to refuse the token, and the library does not look.
    if (!ALGORITHMS.includes(alg) || kid === undefined || crit !== undefined) {
      return undefined;
    }
    // The library takes a token without an end, and fails over dates that no calendar has.
    if (!isTime(payload.exp) || !isTime(payload.nbf ?? 0)) {
      return undefined;
    }
    validateJwtFields(payload, expected);
    const key = await findKey(kid);
    return key !== undefined && hasSignatureOf(alg, token)
      ? verifyJwtSync(token, key, expected)
      : undefined;
  } catch (error) {
    if (BAD_TOKEN.some((kind) => error instanceof kind)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Whether a token's signature is as long as those of its algorithm. Node throws over an ES256 signature of any other
 * length, as it does over a key that it cannot use, which is no fault of the token's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 */
function hasSignatureOf(alg: unknown, token: string): boolean {
  const [, , signature = ""] = token.split(".");
  return alg !== "ES256" || Buffer.from(signature, "base64url").length === ES256_SIGNATURE;
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= LATEST;
}
