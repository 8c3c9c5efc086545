/** What a valid token says, by name: its claims. */
export interface TokenClaims {
  /** When the token ends, in seconds since 1970. */
  readonly exp: number;
  readonly [name: string]: unknown;
}

/** Whoever can tell whether a token was made by the issuer that the relay trusts, for the relay, and is valid now. */
export interface TokenVerifier {
  /**
   * Resolves with the token's claims, or with undefined for anything but a valid token: what is wrong with
   * it is nobody's business. Rejects when the issuer's keys cannot be had, which is no fault of the token's.
   */
  verify(token: string): Promise<TokenClaims | undefined>;
}
