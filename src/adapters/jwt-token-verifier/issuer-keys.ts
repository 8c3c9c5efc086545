import type { JwkWithKid } from "aws-jwt-verify/jwk";
import { fetchJwks } from "./fetch-jwks.ts";
import { readJwks } from "./read-jwks.ts";

/** How long nothing is fetched for an unknown key id once a fetch has been in vain, in milliseconds. */
const PAUSE = 10_000;

/**
 * The keys that an issuer publishes, fetched when the first one is needed and again when one is needed that is not
 * among them: issuers change their keys. Anybody can make up key ids, so a fetch that was in vain is followed by a
 * pause, in which the known keys serve on and the unknown ones stay unknown.
 *
 * A key that the issuer withdraws is trusted until the next fetch, or until the function's environment ends.
 */
export class IssuerKeys {
  readonly #url: URL;
  readonly #now: () => number;
  #keys: ReadonlyMap<string, JwkWithKid> = new Map();
  #fetching: Promise<void> | undefined;
  #failure: Error | undefined;
  #pausedUntil = 0;

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
    if (this.#now() < this.#pausedUntil) {
      if (this.#failure !== undefined) {
        throw this.#failure;
      }
      return undefined;
    }
    this.#fetching ??= this.#fetch();
    await this.#fetching;
    if (!this.#keys.has(kid)) {
      this.#pausedUntil = this.#now() + PAUSE;
    }
    return this.#keys.get(kid);
  }

  async #fetch(): Promise<void> {
    try {
      this.#keys = readJwks(await fetchJwks(this.#url));
      this.#failure = undefined;
    } catch (cause) {
      const { origin, pathname } = this.#url;
      this.#failure = new Error(`The issuer's keys cannot be had from ${origin}${pathname}.`, {
        cause,
      });
      // Where no key is known at all, everybody waits for this: the next token is worth another try.
      if (this.#keys.size > 0) {
        this.#pausedUntil = this.#now() + PAUSE;
      }
      throw this.#failure;
    } finally {
      this.#fetching = undefined;
    }
  }
}
