import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { JwkWithKid } from "aws-jwt-verify/jwk";

/**
 * The keys of a JWKS that tokens can be verified with, by key id. Every other one, broken or for something else, is as
 * good as absent. Throws when the text is no JWKS, or when nothing is left of it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function readJwks(text: string): ReadonlyMap<string, JwkWithKid> {
  const jwks: unknown = parse(text);
  const keys = isObject(jwks) && Array.isArray(jwks.keys) ? jwks.keys : [];
  const usable = keys.map(verificationKey).filter((key) => key !== undefined);
  if (usable.length === 0) {
    throw new Error("The answer has no key for RS256 or ES256.");
  }
  return new Map(usable.map((key) => [key.kid, key]));
}

/** The parser's own message would quote the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("The answer is not JSON.");
  }
}

function verificationKey(key: unknown): JwkWithKid | undefined {
  if (!isObject(key) || typeof key.kid !== "string" || (key.use ?? "sig") !== "sig") {
    return undefined;
  }
  const { kid, kty, crv, n, e, x, y } = key;
  // The algorithm is the key's: a token that names another one for it is refused.
  const found =
    kty === "RSA"
      ? { kid, kty, alg: "RS256", n, e }
      : kty === "EC" && crv === "P-256"
        ? { kid, kty, alg: "ES256", crv, x, y }
        : undefined;
  return found !== undefined && (key.alg ?? found.alg) === found.alg && isPublicKey(found)
    ? (found as JwkWithKid)
    : undefined;
}

function isPublicKey(key: object): boolean {
  try {
    createPublicKey({ key: key as JsonWebKey, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
