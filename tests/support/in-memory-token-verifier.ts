import type { TokenOutcome, TokenVerifier } from "../../src/domain/ports.ts";

/** The end of the year 9999, in seconds since 1970. */
const FAR_AWAY = 253_402_300_799;

/** A token verifier that knows the tokens it was given, and can be made to fail. */
export class InMemoryTokenVerifier implements TokenVerifier {
  readonly #outcomes = new Map<string, TokenOutcome>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;

  /** From now on, this token is valid and has these claims. Without an `exp` (in seconds) it ends in the far future. */
  accept(token: string, claims: Readonly<Record<string, unknown>> & { exp?: number }): void {
    const { exp = FAR_AWAY } = claims;
    this.#outcomes.set(token, { kind: "valid", claims, expiresAt: exp * 1000 });
  }

  async verify(token: string): Promise<TokenOutcome> {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    return this.#outcomes.get(token) ?? { kind: "invalid" };
  }
}
