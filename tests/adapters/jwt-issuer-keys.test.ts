import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";

const NEXT = createSigningKey("next");
const ALICE = { kind: "valid", claims: { sub: "alice" } };
/** How long nothing is fetched after a fetch in vain, in milliseconds. */
const PAUSE = 10_000;

/** An issuer, a verifier that trusts it, and the verifier's clock, which stands still but for `pass`. */
async function assemble() {
  const issuer = await startTokenIssuer();
  let time = 0;
  const verifier = new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE }, () => time);
  return {
    issuer,
    verifier,
    pass(milliseconds: number) {
      time += milliseconds;
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

describe("JwtTokenVerifier fetches the issuer's keys", () => {
  test("not before there is a token, and once for many", async () => {
    await using met = await assemble();
    expect(met.issuer.fetched).toEqual([]);
    for (let round = 0; round < 3; round += 1) {
      expect(await met.verifier.verify(met.issuer.issue())).toMatchObject(ALICE);
    }
    expect(met.issuer.fetched).toHaveLength(1);
  });

  test("once for tokens that come at once", async () => {
    await using met = await assemble();
    const tokens = Array.from({ length: 10 }, () => met.issuer.issue());
    const claims = await Promise.all(tokens.map((token) => met.verifier.verify(token)));
    expect(claims).toMatchObject(tokens.map(() => ALICE));
    expect(met.issuer.fetched).toHaveLength(1);
  });

  test.each([
    ["", undefined, "/.well-known/jwks.json"],
    ["/", undefined, "/.well-known/jwks.json"],
    ["/realms/main", undefined, "/realms/main/.well-known/jwks.json"],
    ["/realms/main/", undefined, "/realms/main/.well-known/jwks.json"],
    ["/realms/main", "/keys?version=2", "/keys?version=2"],
  ])("of the issuer %j with the JWKS URI %j from %j", async (path, jwks, fetched) => {
    await using issuer = await startTokenIssuer();
    const iss = `${issuer.url}${path}`;
    const verifier = new JwtTokenVerifier({
      issuer: iss,
      audience: AUDIENCE,
      jwksUri: jwks && `${issuer.url}${jwks}`,
    });
    expect(await verifier.verify(issuer.issue({ iss }))).toMatchObject(ALICE);
    expect(issuer.fetched).toEqual([fetched]);
  });

  test("again when a token names a new key", async () => {
    await using met = await assemble();
    await met.verifier.verify(met.issuer.issue());
    met.issuer.keys = [NEXT.jwk];
    expect(await met.verifier.verify(met.issuer.issue({}, {}, NEXT.key))).toMatchObject(ALICE);
    expect(await met.verifier.verify(met.issuer.issue({}, {}, NEXT.key))).toMatchObject(ALICE);
    expect(met.issuer.fetched).toHaveLength(2);
  });

  test("no more often than every ten seconds for key ids that it has not", async () => {
    await using met = await assemble();
    await met.verifier.verify(met.issuer.issue());
    for (let round = 0; round < 5; round += 1) {
      const token = met.issuer.issue({}, { kid: `unknown-${round}` });
      expect(await met.verifier.verify(token)).toEqual({ kind: "invalid" });
      expect(await met.verifier.verify(met.issuer.issue())).toMatchObject(ALICE);
      met.pass(PAUSE / 5 - 1);
    }
    expect(met.issuer.fetched).toHaveLength(2);
    met.issuer.keys = [NEXT.jwk];
    expect(await met.verifier.verify(met.issuer.issue({}, {}, NEXT.key))).toEqual({
      kind: "invalid",
    });
    met.pass(5);
    expect(await met.verifier.verify(met.issuer.issue({}, {}, NEXT.key))).toMatchObject(ALICE);
    expect(met.issuer.fetched).toHaveLength(3);
  });

  test("no more often either while they cannot be had, and says so", async () => {
    await using met = await assemble();
    await met.verifier.verify(met.issuer.issue());
    const { answer } = met.issuer;
    met.issuer.answer = (_, response) => response.writeHead(503).end();
    for (let round = 0; round < 3; round += 1) {
      const token = met.issuer.issue({}, {}, NEXT.key);
      await expect(met.verifier.verify(token)).rejects.toThrow("cannot be had");
      expect(await met.verifier.verify(met.issuer.issue())).toMatchObject(ALICE);
    }
    expect(met.issuer.fetched).toHaveLength(2);
    met.issuer.answer = answer;
    met.issuer.keys = [NEXT.jwk];
    met.pass(PAUSE);
    expect(await met.verifier.verify(met.issuer.issue({}, {}, NEXT.key))).toMatchObject(ALICE);
    // What failed is over: an unknown key id is only that again.
    expect(await met.verifier.verify(met.issuer.issue({}, { kid: "x" }))).toEqual({
      kind: "invalid",
    });
    expect(await met.verifier.verify(met.issuer.issue({}, { kid: "x" }))).toEqual({
      kind: "invalid",
    });
  });
});
