/** Whoever can tell whether a token was made by the issuer that the relay trusts, for the relay, and is valid now. */
export interface TokenVerifier {
  /**
   * Resolves with the token's claims, by name, or with undefined for anything but a valid token: what is wrong with
   * it is nobody's business. Rejects when the issuer's keys cannot be had, which is no fault of the token's.
   */
  verify(token: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}
