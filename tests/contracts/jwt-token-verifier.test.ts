import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";
import { createSigningKey } from "../support/create-signing-key.ts";
import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";
import { tokenVerifierContract } from "./token-verifier-contract.ts";

describe.each(["RS256", "ES256"] as const)("With %s,", (alg) => {
  const pair = createSigningKey("first", alg);
  let issuer: Awaited<ReturnType<typeof startTokenIssuer>>;

  beforeEach(async () => {
    issuer = await startTokenIssuer(pair);
  });

  afterEach(() => issuer[Symbol.asyncDispose]());

  tokenVerifierContract("JwtTokenVerifier", async () => {
    const publish = issuer.answer;
    return {
      verifier: new JwtTokenVerifier({ issuer: issuer.url, audience: AUDIENCE }),
      issue: (claims) => issuer.issue(claims),
      breakDown() {
        issuer.answer = (_, response) => response.writeHead(500).end();
      },
      recover() {
        issuer.answer = publish;
      },
    };
  });
});
