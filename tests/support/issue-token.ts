import { type KeyObject, sign } from "node:crypto";

/** A private key, and how tokens name it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: "RS256" | "ES256";
  readonly privateKey: KeyObject;
}

/**
 * A JSON Web Token that `key` has signed. The header names the key and its algorithm unless `header` says otherwise.
 * Claims that are a text already are signed as they are.
 */
export function issueToken(key: SigningKey, claims: object | string, header: object = {}): string {
  const payload = typeof claims === "string" ? claims : JSON.stringify(claims);
  const signed = [JSON.stringify({ alg: key.alg, kid: key.kid, ...header }), payload]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
  const signature = sign("sha256", Buffer.from(signed), {
    key: key.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${signed}.${signature.toString("base64url")}`;
}
