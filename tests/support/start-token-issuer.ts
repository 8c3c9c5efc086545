import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createSigningKey } from "./create-signing-key.ts";
import { issueToken, type SigningKey } from "./issue-token.ts";

/** For whom the issuer makes tokens. */
export const AUDIENCE = "relay";

/** How long its tokens are valid, in seconds. */
const VALIDITY = 300;

/**
 * A token issuer on loopback that publishes its keys where issuers do. `keys` is what it publishes, `answer` how, and
 * `fetched` has the paths that were asked for.
 */
export async function startTokenIssuer(
  first: ReturnType<typeof createSigningKey> = createSigningKey("first"),
) {
  const fetched: string[] = [];
  const server = createServer((request, response) => {
    fetched.push(request.url ?? "");
    issuer.answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const issuer = {
    url,
    fetched,
    keys: [first.jwk] as unknown[],
    answer: ((_, response) =>
      response.end(JSON.stringify({ keys: issuer.keys }))) as RequestListener,
    /** Claims that make a token valid. */
    claims: (more: object = {}) => {
      const exp = Math.floor(Date.now() / 1000) + VALIDITY;
      return { iss: url, aud: AUDIENCE, sub: "alice", exp, ...more };
    },
    /** A valid token, but for what `claims` and `header` change; undefined takes a claim away. */
    issue: (claims: object = {}, header: object = {}, key: SigningKey = first.key) =>
      issueToken(key, issuer.claims(claims), header),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return issuer;
}
