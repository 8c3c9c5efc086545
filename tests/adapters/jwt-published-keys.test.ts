import { generateKeyPairSync } from "node:crypto";
import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";

const NEXT = createSigningKey("next");
const ALICE = { kind: "valid", claims: { sub: "alice" } };

/** An issuer, and a verifier that trusts it. */
async function assemble() {
  const issuer = await startTokenIssuer();
  const verifier = new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE });
  return { issuer, verifier, [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose]() };
}

describe("JwtTokenVerifier, among an issuer's keys,", () => {
  const WRONG_CURVE = generateKeyPairSync("ec", { namedCurve: "P-384" });

  test("uses the good ones next to the broken", async () => {
    await using met = await assemble();
    const { jwk } = createSigningKey("first");
    const broken = [
      ...[null, "key", [], {}, { kid: "first" }, { kty: "oct", kid: "first", k: "e30" }],
      ...[
        { ...jwk, x: 1 },
        { ...jwk, y: "AA" },
        { ...jwk, x: undefined },
        { ...jwk, kty: "RSA" },
      ],
      { kid: "first", kty: "RSA", n: "", e: 3 },
    ];
    met.issuer.keys = [...broken, ...met.issuer.keys, ...broken];
    expect(await met.verifier.verify(met.issuer.issue())).toMatchObject(ALICE);
  });

  test("takes one that names neither its use nor its algorithm", async () => {
    await using met = await assemble();
    const { alg: _, use: __, ...jwk } = NEXT.jwk;
    met.issuer.keys = [jwk];
    expect(await met.verifier.verify(met.issuer.issue({}, {}, NEXT.key))).toMatchObject(ALICE);
  });

  test.each<[string, object]>([
    ["for encryption", { ...NEXT.jwk, use: "enc" }],
    ["for another algorithm", { ...NEXT.jwk, alg: "ES384" }],
    ["without an id", { ...NEXT.jwk, kid: undefined }],
    [
      "on another curve",
      { ...WRONG_CURVE.publicKey.export({ format: "jwk" }), kid: "next", use: "sig" },
    ],
  ])("does not use one %s", async (_, jwk) => {
    await using met = await assemble();
    met.issuer.keys.push(jwk);
    const { privateKey } = "crv" in jwk && jwk.crv === "P-384" ? WRONG_CURVE : NEXT.key;
    const token = met.issuer.issue({}, {}, { kid: "next", alg: "ES256", privateKey });
    expect(await met.verifier.verify(token)).toEqual({ kind: "invalid" });
  });
});
