import type { RequestListener } from "node:http";
import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";

const NEXT = createSigningKey("next");
const ALICE = { kind: "valid", claims: { sub: "alice" } };
/** What would do for an answer, were it not for how it comes. */
const KEYS = JSON.stringify({ keys: [NEXT.jwk] });

/** An issuer, and a verifier that trusts it. */
async function assemble() {
  const issuer = await startTokenIssuer();
  const verifier = new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE });
  return { issuer, verifier, [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose]() };
}

/** An error and what caused it, as text. */
function wholeText(error: unknown): string {
  const { stack, cause } = error as Error;
  return cause === undefined ? `${stack}` : `${stack} ${wholeText(cause)}`;
}

describe("JwtTokenVerifier rejects, and tries again with the next token, when the issuer's answer", () => {
  const json =
    (value: unknown): RequestListener =>
    (_, response) =>
      response.end(JSON.stringify(value));

  test.each<[string, RequestListener]>([
    ["is 500", (_, response) => response.writeHead(500).end(KEYS)],
    ["is 404", (_, response) => response.writeHead(404).end(KEYS)],
    [
      "is a redirect",
      ({ url }, response) =>
        url === "/elsewhere"
          ? response.end(KEYS)
          : response.writeHead(302, { location: "/elsewhere" }).end(KEYS),
    ],
    ["is not HTTP", ({ socket }) => socket.end("hello\r\n\r\n")],
    [
      "breaks off",
      (_, response) => {
        response.writeHead(200, { "content-length": "9" });
        response.write("{", () => response.destroy());
      },
    ],
    ["never comes", () => undefined],
    ["never ends", (_, response) => response.write("{")],
    ["is empty", (_, response) => response.end()],
    ["is not JSON", (_, response) => response.end("<html>")],
    ["is null", json(null)],
    ["is a list", json([NEXT.jwk])],
    ["has no keys", json({})],
    ["has null for keys", json({ keys: null })],
    ["has an empty list of keys", json({ keys: [] })],
    ["has only broken keys", json({ keys: [null, 1, {}, { kid: "first" }] })],
    ["has only keys without a name", json({ keys: [{ ...NEXT.jwk, kid: 1 }] })],
    ["is longer than 64 KB", json({ padding: "x".repeat(64 * 1024), keys: [NEXT.jwk] })],
    [
      "does not stop",
      (_, response) => {
        const more = () => {
          while (!response.destroyed && response.write("x".repeat(16_384)));
        };
        response.on("drain", more);
        more();
      },
    ],
  ])("%s", async (_, answer) => {
    await using met = await assemble();
    const publish = met.issuer.answer;
    met.issuer.answer = answer;
    const token = met.issuer.issue();
    const failure = await met.verifier.verify(token).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "ISSUER_KEYS_UNAVAILABLE",
      message: `The issuer's keys cannot be had from ${met.issuer.url}/.well-known/jwks.json.`,
      // Node's own errors are not instances of the Error class that a test sees.
      cause: { message: expect.any(String), stack: expect.any(String) },
    });
    for (const part of token.split(".")) {
      expect(wholeText(failure)).not.toContain(part);
    }
    expect(met.issuer.fetched).toHaveLength(1);
    met.issuer.answer = publish;
    expect(await met.verifier.verify(token)).toMatchObject(ALICE);
  });

  test("is that nobody is there", async () => {
    const issuer = await startTokenIssuer();
    await issuer[Symbol.asyncDispose]();
    const verifier = new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE });
    await expect(verifier.verify(issuer.issue())).rejects.toMatchObject({
      cause: { code: "ECONNREFUSED" },
    });
  });

  test("comes without TLS to an https URL", async () => {
    await using issuer = await startTokenIssuer();
    const jwksUri = `${issuer.url.replace("http:", "https:")}/keys`;
    const verifier = new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE, jwksUri });
    await expect(verifier.verify(issuer.issue())).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/EPROTO|SSL/) },
    });
    expect(issuer.fetched).toEqual([]);
  });
});
