import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { issueToken } from "../support/issue-token.ts";
import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";

const RSA = createSigningKey("rsa", "RS256");
const EC = createSigningKey("ec");
const STRANGER = createSigningKey("rsa", "RS256");

/** Now, in seconds since 1970. */
const now = () => Date.now() / 1000;
const encode = (part: unknown) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

type Issuer = Awaited<ReturnType<typeof startTokenIssuer>>;

/** An issuer with an RSA key, by which it signs, and an EC key; and a verifier that trusts it. */
async function assemble() {
  const issuer = await startTokenIssuer(RSA);
  issuer.keys = [RSA.jwk, EC.jwk];
  const verifier = new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE });
  return { issuer, verifier, [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose]() };
}

/** What makes a token of the issuer's look like an access token of Amazon Cognito's. */
const COGNITO_ACCESS = { aud: undefined, client_id: AUDIENCE, token_use: "access" };

const TYPES = [
  "JWT",
  "jwt",
  "Jwt",
  "at+jwt",
  "AT+JWT",
  "application/jwt",
  "application/at+jwt",
  "Application/AT+JWT",
];
const OTHER_TYPES = [
  null,
  "",
  1,
  true,
  ["JWT"],
  { JWT: 1 },
  "JWS",
  "JOSE",
  "dpop+jwt",
  "logout+jwt",
  "at+jwt ",
  "at jwt",
  "JWT\n",
  "text/jwt",
  "application/application/jwt",
  "application/",
  "at+at+jwt",
];

const VALID: readonly [string, (issuer: Issuer) => string][] = [
  ["RS256", (issuer) => issuer.issue()],
  ["ES256", (issuer) => issuer.issue({}, {}, EC.key)],
  ["several audiences, of which the relay is one", (it) => it.issue({ aud: ["other", AUDIENCE] })],
  ["a beginning in the past", (issuer) => issuer.issue({ nbf: now() - 1 })],
  ["an end with a fraction", (issuer) => issuer.issue({ exp: now() + 60.5 })],
  // RFC 7519 section 4 lets a reader take the last one.
  [
    "a claim that is there twice, and valid the second time",
    (issuer) => {
      const { aud, ...claims } = issuer.claims();
      const text = JSON.stringify(claims).slice(0, -1);
      return issueToken(RSA.key, `${text},"aud":"other","aud":"${aud}"}`);
    },
  ],
  [
    "a header that points to keys elsewhere, which nobody looks at",
    (issuer) =>
      issuer.issue({}, { jku: `${issuer.url}/jku`, x5u: `${issuer.url}/x5u`, jwk: STRANGER.jwk }),
  ],
  ["exactly 8192 characters", (issuer) => padded(issuer, 8192)],
  ["the claims of Cognito's ID tokens", (it) => it.issue({ token_use: "id", client_id: "other" })],
  ["the claims of Cognito's access tokens", (it) => it.issue(COGNITO_ACCESS)],
  ...TYPES.map((typ): [string, (issuer: Issuer) => string] => [
    `the type ${typ}`,
    (issuer) => issuer.issue({}, { typ }),
  ]),
];

/** Tokens that are bad whatever keys the issuer has: nobody needs to ask for them. */
const BAD: readonly [string, (issuer: Issuer) => string][] = [
  ["nothing", () => ""],
  ["garbage", () => "garbage"],
  ["three dots", () => "..."],
  ["two dots", () => ".."],
  ["a fourth part", (issuer) => `${issuer.issue()}.e30`],
  ["a header that is not JSON", (it) => `${encode("{")}.${encode(it.claims())}.e30`],
  ["a header that is not an object", (it) => `${encode([])}.${encode(it.claims())}.e30`],
  ["claims that are not JSON", () => issueToken(RSA.key, "{")],
  ["claims that are null", () => issueToken(RSA.key, "null")],
  ["no claims", () => issueToken(RSA.key, {})],
  ["8193 characters", (issuer) => padded(issuer, 8193)],
  ["a megabyte", (issuer) => padded(issuer, 1_000_000)],
  ["no signature", (it) => `${encode({ alg: "none", kid: "rsa" })}.${encode(it.claims())}.`],
  ["the algorithm none", (issuer) => issuer.issue({}, { alg: "none" })],
  ["the algorithm None", (issuer) => issuer.issue({}, { alg: "None" })],
  ["the algorithm RS512", (issuer) => issuer.issue({}, { alg: "RS512" })],
  ["no algorithm", (issuer) => issuer.issue({}, { alg: undefined })],
  ["an algorithm that is not a text", (issuer) => issuer.issue({}, { alg: ["RS256"] })],
  ["the public key as the secret of HS256", (issuer) => signedWithPublicKey(issuer)],
  ["no key id", (issuer) => issuer.issue({}, { kid: undefined })],
  ["a key id that is not a text", (issuer) => issuer.issue({}, { kid: 1 })],
  ["an extension that must be understood", (it) => it.issue({}, { crit: ["b64"], b64: true })],
  ["another issuer", (issuer) => issuer.issue({ iss: "https://evil.example" })],
  ["the issuer with a slash more", (issuer) => issuer.issue({ iss: `${issuer.url}/` })],
  ["no issuer", (issuer) => issuer.issue({ iss: undefined })],
  ["an issuer that is not a text", (issuer) => issuer.issue({ iss: [issuer.url] })],
  ["another audience", (issuer) => issuer.issue({ aud: "relay2" })],
  ["the audience in other letters", (issuer) => issuer.issue({ aud: "Relay" })],
  ["no audience", (it) => it.issue({ aud: undefined })],
  ["null for an audience", (it) => it.issue({ ...COGNITO_ACCESS, aud: null })],
  ...[
    { client_id: "relay2" },
    { client_id: undefined },
    { client_id: [AUDIENCE] },
    { token_use: "id" },
    { token_use: "Access" },
    { token_use: undefined },
    { token_use: ["access"] },
    { aud: "relay2" },
    { aud: [] },
    { aud: "" },
    { iss: "https://evil.example" },
    { exp: 1 },
    { exp: undefined },
  ].map((claims): [string, (issuer: Issuer) => string] => [
    `the claims of Cognito's access tokens, but for ${inspect(claims)}`,
    (issuer) => issuer.issue({ ...COGNITO_ACCESS, ...claims }),
  ]),
  ...OTHER_TYPES.map((typ): [string, (issuer: Issuer) => string] => [
    `the type ${JSON.stringify(typ)}`,
    (issuer) => issuer.issue({}, { typ }),
  ]),
  ["other audiences", (issuer) => issuer.issue({ aud: ["other", "relay2"] })],
  ["an empty list of audiences", (issuer) => issuer.issue({ aud: [] })],
  ["an audience that is not a text", (issuer) => issuer.issue({ aud: [AUDIENCE, 1] })],
  ["an end in the past", (issuer) => issuer.issue({ exp: now() - 1 })],
  ["no end", (issuer) => issuer.issue({ exp: undefined })],
  ["null for an end", (issuer) => issuer.issue({ exp: null })],
  ["an end as text", (issuer) => issuer.issue({ exp: `${now() + 60}` })],
  ["an end in milliseconds", (issuer) => issuer.issue({ exp: Date.now() + 60_000 })],
  ["an end that no calendar has", (issuer) => issuer.issue({ exp: 1e300 })],
  ["an end before all time", (issuer) => issuer.issue({ exp: -1e300 })],
  ["an endless end", (it) => issueToken(RSA.key, endless(it))],
  ["a second end in the past", (it) => issueToken(RSA.key, endingTwice(it))],
  ["a beginning to come", (issuer) => issuer.issue({ nbf: now() + 60 })],
  ["a beginning that no calendar has", (issuer) => issuer.issue({ nbf: 1e300 })],
  ["a beginning as text", (issuer) => issuer.issue({ nbf: "0" })],
  ["a subject that is not a text", (issuer) => issuer.issue({ sub: 7 })],
];

/** Tokens that only the issuer's keys show to be invalid. */
const FORGED: readonly [string, (issuer: Issuer) => string][] = [
  ["a stranger's key under the id of a known one", (it) => it.issue({}, {}, STRANGER.key)],
  ["a stranger's key in the header", (it) => it.issue({}, { jwk: STRANGER.jwk }, STRANGER.key)],
  ["a key id that the issuer has not", (it) => it.issue({}, { kid: "third" })],
  ["the key id of a member that all objects have", (it) => it.issue({}, { kid: "constructor" })],
  ["the claims of Cognito's access tokens", (it) => it.issue(COGNITO_ACCESS, {}, STRANGER.key)],
  ["an RSA key used for ES256", (issuer) => issuer.issue({}, { alg: "ES256" })],
  ["an EC key used for RS256", (issuer) => issuer.issue({}, { alg: "RS256" }, EC.key)],
  ...(["RS256", "ES256"] as const).flatMap((alg): [string, (issuer: Issuer) => string][] => [
    [`an ${alg} signature that is cut`, (issuer) => signedBy(alg, issuer).slice(0, -4)],
    [`an ${alg} signature that goes on`, (issuer) => `${signedBy(alg, issuer)}AAAA`],
    [`an ${alg} signature of three bytes`, (it) => signedBy(alg, it).replace(/[^.]+$/, "AAAA")],
  ]),
  [
    "the signature of other claims",
    (issuer) => {
      const [header, , signature] = issuer.issue().split(".");
      return `${header}.${encode(issuer.claims({ sub: "bob" }))}.${signature}`;
    },
  ],
];

describe("JwtTokenVerifier", () => {
  test.each(VALID)("accepts a token with %s", async (_, token) => {
    await using met = await assemble();
    expect(await met.verifier.verify(token(met.issuer))).toMatchObject({
      kind: "valid",
      claims: { sub: "alice" },
    });
    expect(met.issuer.fetched).toEqual(["/.well-known/jwks.json"]);
  });

  test.each(BAD)("rejects a token with %s, and asks nobody for keys", async (_, token) => {
    await using met = await assemble();
    expect(await met.verifier.verify(token(met.issuer))).toEqual({ kind: "invalid" });
    expect(met.issuer.fetched).toEqual([]);
  });

  test.each(FORGED)("rejects a token with %s", async (_, token) => {
    await using met = await assemble();
    expect(await met.verifier.verify(token(met.issuer))).toEqual({ kind: "invalid" });
    expect(met.issuer.fetched).toEqual(["/.well-known/jwks.json"]);
  });
});

function signedBy(alg: "RS256" | "ES256", issuer: Issuer): string {
  return issuer.issue({}, {}, alg === "RS256" ? RSA.key : EC.key);
}

/** A token that is valid but for its length. */
function padded(issuer: Issuer, length: number): string {
  const bare = issuer.issue({ padding: "" }, { padding: "" }).length;
  // The last characters go into the header, where they move the length by one.
  for (
    let claims = Math.floor(((length - bare) * 3) / 4) - 4, header = 0;
    header < 12;
    header += 1
  ) {
    const token = issuer.issue({ padding: "x".repeat(claims) }, { padding: "x".repeat(header) });
    if (token.length === length) {
      return token;
    }
  }
  throw new Error(`No token has ${length} characters.`);
}

/** A token that is valid for a verifier that takes the issuer's public key for a shared secret. */
function signedWithPublicKey(issuer: Issuer): string {
  const signed = `${encode({ alg: "HS256", kid: "rsa" })}.${encode(issuer.claims())}`;
  const secret = RSA.publicKey.export({ type: "spki", format: "pem" });
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** Claims as text, with a number that JSON.parse reads as infinity. */
function endless(issuer: Issuer): string {
  return JSON.stringify(issuer.claims({ exp: 0 })).replace('"exp":0', '"exp":1e999');
}

function endingTwice(issuer: Issuer): string {
  return `${JSON.stringify(issuer.claims()).slice(0, -1)},"exp":1}`;
}
