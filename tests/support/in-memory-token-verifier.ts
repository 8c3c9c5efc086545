import type { TokenVerifier } from "../../src/domain/ports/token-verifier.ts";

/** A token verifier that knows the tokens it has been told of, and can be made to fail. */
export class InMemoryTokenVerifier implements TokenVerifier {
  readonly #claims = new Map<string, Readonly<Record<string, unknown>>>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;

  /** From now on, this token is valid and says so. */
  accept(token: string, claims: Readonly<Record<string, unknown>>): void {
    this.#claims.set(token, claims);
  }

  async verify(token: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    return this.#claims.get(token);
  }
}
