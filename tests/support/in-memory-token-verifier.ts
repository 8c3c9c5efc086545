import type { TokenClaims, TokenVerifier } from "../../src/domain/ports.ts";

/** The end of the year 9999, in seconds since 1970. */
const FAR_AWAY = 253_402_300_799;

/** A token verifier that knows the tokens it has been told of, and can be made to fail. */
export class InMemoryTokenVerifier implements TokenVerifier {
  readonly #claims = new Map<string, TokenClaims>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;

  /** From now on, this token is valid and says so. Without an `exp` it ends in the far future. */
  accept(token: string, claims: Partial<TokenClaims>): void {
    this.#claims.set(token, { exp: FAR_AWAY, ...claims });
  }

  async verify(token: string): Promise<TokenClaims | undefined> {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    return this.#claims.get(token);
  }
}
