import { generateKeyPairSync } from "node:crypto";
import type { SigningKey } from "./issue-token.ts";

/** A new key pair under the key id `kid`: what signs, and the JWK that an issuer publishes. */
export function createSigningKey(kid: string, alg: SigningKey["alg"] = "ES256") {
  const { privateKey, publicKey } =
    alg === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key: SigningKey = { kid, alg, privateKey };
  return { key, publicKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" } };
}
