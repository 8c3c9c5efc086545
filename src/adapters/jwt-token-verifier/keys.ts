import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { JwkWithKid } from "aws-jwt-verify/jwk";
import { RelayFailure } from "../../domain/failures.ts";

/** The time that one fetch may take, from looking up the host to the end of the answer, in milliseconds. */
export const FETCH_TIMEOUT = 1500;

/** The longest answer that is read, in bytes. A key takes about 500, and issuers publish a handful. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** How long nothing is fetched for an unknown key id after a fetch did not help, in milliseconds. */
const PAUSE = 10_000;

/**
 * The keys that an issuer publishes, fetched when the first one is needed and again when one is needed that is not
 * among them: issuers change their keys. Anybody can make up key ids, so a fetch that did not help is followed by a
 * pause, in which the known keys still serve and the unknown ones stay unknown.
 *
 * A key that the issuer withdraws stays trusted up to the next fetch, or to the end of the function's environment.
 */
export class IssuerKeys {
  readonly #url: URL;
  readonly #now: () => number;
  #keys: ReadonlyMap<string, JwkWithKid> = new Map();
  #fetching: Promise<void> | undefined;
  #failure: Error | undefined;
  #pauseEndsAt = 0;

  constructor(url: URL, now: () => number) {
    this.#url = url;
    this.#now = now;
  }

  /** The key with this id, or undefined if the issuer has none. Rejects when its keys cannot be had. */
  async find(kid: string): Promise<JwkWithKid | undefined> {
    const key = this.#keys.get(kid);
    if (key !== undefined) {
      return key;
    }
    if (this.#now() < this.#pauseEndsAt) {
      if (this.#failure !== undefined) {
        throw this.#failure;
      }
      return undefined;
    }
    this.#fetching ??= this.#fetch();
    await this.#fetching;
    if (!this.#keys.has(kid)) {
      this.#pauseEndsAt = this.#now() + PAUSE;
    }
    return this.#keys.get(kid);
  }

  async #fetch(): Promise<void> {
    try {
      this.#keys = readJwks(await fetchJwks(this.#url));
      this.#failure = undefined;
    } catch (cause) {
      const { origin, pathname } = this.#url;
      this.#failure = new RelayFailure(
        "ISSUER_KEYS_UNAVAILABLE",
        `The issuer's keys cannot be had from ${origin}${pathname}.`,
        { cause },
      );
      // Where no key is known at all, everybody waits for this: the next token is worth another try.
      if (this.#keys.size > 0) {
        this.#pauseEndsAt = this.#now() + PAUSE;
      }
      throw this.#failure;
    } finally {
      this.#fetching = undefined;
    }
  }
}

/** Hosts for which plain http does not leave the machine, as `URL` writes them. */
const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

/**
 * Where the issuer's keys are: at `jwksUri`, or where an issuer has them usually. Throws when that is neither an https
 * URL nor, for an issuer on the developer's own machine, an http URL of a loopback host: keys that came without TLS
 * could be anybody's.
 */
export function jwksUrl(issuer: string, jwksUri: string | undefined): URL {
  const [name, text] = jwksUri === undefined ? ["issuer", issuer] : ["JWKS URI", jwksUri];
  const url = URL.parse(text);
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (url === null || !isSafe) {
    throw new RelayFailure(
      "INVALID_CONFIGURATION",
      `The ${name} must be an https URL (http only on a loopback host): ${text}`,
    );
  }
  // Half of all issuers end in a slash.
  return jwksUri === undefined
    ? new URL(`${url.pathname.replace(/\/+$/, "")}/.well-known/jwks.json`, url.origin)
    : url;
}

/**
 * What is at `url`, as text. Rejects when it is not there at the first request (a redirect is not followed), not there
 * in time, or too long.
 *
 * It does without `fetch`, which would be loaded for this alone: the AWS SDK has loaded node:https already.
 */
async function fetchJwks(url: URL): Promise<string> {
  // At the top of a module node:http loads all that it exports, the WebSocket client too, at each cold start.
  const request = url.protocol === "http:" ? (await import("node:http")).request : requestHttps;
  return await new Promise((resolve, reject) => {
    request(
      url,
      {
        // A kept connection would be dead by the next fetch, which may be days away.
        agent: false,
        headers: { accept: "application/json" },
        signal: AbortSignal.timeout(FETCH_TIMEOUT),
      },
      (response) => readText(response).then(resolve, reject),
    )
      .on("error", reject)
      .end();
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`The answer has the status ${response.statusCode}.`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      throw new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * The keys of a JWKS that tokens can be verified with, by key id. Every other one, broken or for another purpose, is
 * ignored. Throws when the text is not a JWKS, or has no such key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
function readJwks(text: string): ReadonlyMap<string, JwkWithKid> {
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
  // The algorithm is the key's: a token that names another one for it is rejected.
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
