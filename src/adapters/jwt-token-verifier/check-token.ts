import {
  JwtInvalidClaimError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtParseError,
} from "aws-jwt-verify/error";
import type { JwkWithKid } from "aws-jwt-verify/jwk";
import { decomposeUnverifiedJwt, validateJwtFields } from "aws-jwt-verify/jwt";
import { verifyJwtSync } from "aws-jwt-verify/jwt-verifier";
import type { TokenOutcome } from "../../domain/ports.ts";

/** The library's ways to say that a token is bad. Its other errors are about its caller, or about keys. */
const BAD_TOKEN = [
  JwtParseError,
  JwtInvalidClaimError,
  JwtInvalidSignatureError,
  JwtInvalidSignatureAlgorithmError,
];

const ALGORITHMS: readonly unknown[] = ["RS256", "ES256"];

/**
 * What a token may say that it is: a JWT of any kind, or an access token. One for something else, such as logging
 * somebody out, is signed with the same keys.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-5.1
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.1
 */
const TYPE = /^(application\/)?(at\+)?jwt$/i;

/** In bytes. */
const ES256_SIGNATURE = 64;

/** The end of the year 9999, in seconds since 1970. A time after it was meant in milliseconds, or never to come. */
const LATEST = 253_402_300_799;

const INVALID: TokenOutcome = { kind: "invalid" };

/**
 * Whether a token is valid now, of this issuer and for this audience. `findKey` is asked only about tokens that would be
 * valid if they were signed; rejects as it does.
 */
export async function checkToken(
  token: string,
  expected: { readonly issuer: string; readonly audience: string },
  findKey: (kid: string) => Promise<JwkWithKid | undefined>,
): Promise<TokenOutcome> {
  try {
    const { header, payload } = decomposeUnverifiedJwt(token);
    const { alg, kid, crit, typ } = header;
    // A verifier that does not know what `crit` lists must reject the token, and the library does not look.
    if (!ALGORITHMS.includes(alg) || kid === undefined || crit !== undefined) {
      return INVALID;
    }
    if (typ !== undefined && !(typeof typ === "string" && TYPE.test(typ))) {
      return INVALID;
    }
    const { exp, nbf = 0 } = payload;
    // The library takes a token without an end, and fails over dates that no calendar has.
    if (!isTime(exp) || !isTime(nbf)) {
      return INVALID;
    }
    // With null the library does not check the audience.
    const audience = isCognitoAccessToken(payload, expected.audience) ? null : expected.audience;
    const fields = { issuer: expected.issuer, audience };
    validateJwtFields(payload, fields);
    const key = await findKey(kid);
    return key !== undefined && hasSignatureOf(alg, token)
      ? { kind: "valid", claims: verifyJwtSync(token, key, fields), expiresAt: exp * 1000 }
      : INVALID;
  } catch (error) {
    if (BAD_TOKEN.some((kind) => error instanceof kind)) {
      return INVALID;
    }
    throw error;
  }
}

/**
 * Whether a token's signature is as long as those of its algorithm. Node throws over an ES256 signature of any other
 * length, as it does over an unusable key, which is not the token's fault.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 */
function hasSignatureOf(alg: unknown, token: string): boolean {
  const [, , signature = ""] = token.split(".");
  return alg !== "ES256" || Buffer.from(signature, "base64url").length === ES256_SIGNATURE;
}

/**
 * Whether the claims are those of an access token that Amazon Cognito made for `appClient`. It has no `aud`: the app
 * client is in `client_id`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
function isCognitoAccessToken(
  { aud, client_id: client, token_use: use }: Readonly<Record<string, unknown>>,
  appClient: string,
): boolean {
  return aud === undefined && client === appClient && use === "access";
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= LATEST;
}
