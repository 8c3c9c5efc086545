import type { TokenOutcome, TokenVerifier } from "../domain/ports.ts";
import { FETCH_TIMEOUT, IssuerKeys, jwksUrl } from "./jwt-token-verifier/keys.ts";

/** The longest token that is verified, in characters. Anybody may send one, and a usual one has a thousand. */
const MAX_TOKEN_LENGTH = 8 * 1024;

/** Whose tokens are verified, and whom they must be for. */
interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri?: string | undefined;
}

/**
 * The token verifier on JSON Web Tokens: RS256 or ES256, signed by a key that the issuer publishes, with the issuer and
 * the audience to the letter, and with an end. There is no tolerance for clocks that differ: those of the issuer and of
 * Lambda are both synchronised.
 */
export class JwtTokenVerifier implements TokenVerifier {
  /** The longest that fetching the issuer's keys can take, in milliseconds. */
  static readonly longestFetch = FETCH_TIMEOUT;

  readonly #expected: { readonly issuer: string; readonly audience: string };
  readonly #keys: IssuerKeys;

  /**
   * Throws when the keys' URL, `jwksUri` or else the usual one of the issuer, is not an https URL; http is
   * accepted on a loopback host. `now` is the time in milliseconds by which fetching pauses.
   */
  constructor({ issuer, audience, jwksUri }: TokenIssuer, now: () => number = Date.now) {
    this.#expected = { issuer, audience };
    this.#keys = new IssuerKeys(jwksUrl(issuer, jwksUri), now);
  }

  async verify(token: string): Promise<TokenOutcome> {
    if (token.length > MAX_TOKEN_LENGTH) {
      return { kind: "invalid" };
    }
    // Lazy, since every import at the top of a module is paid at each cold start, also where no tokens are verified.
    const { checkToken } = await import("./jwt-token-verifier/check-token.ts");
    return await checkToken(token, this.#expected, (kid) => this.#keys.find(kid));
  }
}
