import type { TokenVerifier } from "../../src/domain/ports.ts";

/** A verifier under the contract, and the issuer of the tokens that it trusts. */
export interface TokenVerifierAssembly {
  readonly verifier: TokenVerifier;
  /** A valid token with these claims, and maybe more. */
  issue(claims: Readonly<Record<string, unknown>>): string;
  /** Takes away what tokens are verified with. */
  breakDown(): void;
  /** Gives it back. */
  recover(): void;
}

/** What every token verifier does. `assemble` gives a new one each time. */
export function tokenVerifierContract(
  name: string,
  assemble: () => Promise<TokenVerifierAssembly>,
): void {
  describe(`${name} keeps the contract of a token verifier: it`, () => {
    test("gives the claims of a valid token, of whatever type, each time", async () => {
      const { verifier, issue } = await assemble();
      const claims = { sub: "alice", rooms: ["lobby", "世界"], admin: true, at: { floor: 3 } };
      const token = issue(claims);
      expect(await verifier.verify(token)).toMatchObject({ kind: "valid", claims });
      expect(await verifier.verify(token)).toMatchObject({ kind: "valid", claims });
    });

    test("gives the end of a valid token, in milliseconds since 1970", async () => {
      const { verifier, issue } = await assemble();
      const exp = Math.floor(Date.now() / 1000) + 120;
      expect(await verifier.verify(issue({ sub: "alice", exp }))).toMatchObject({
        expiresAt: exp * 1000,
      });
      const later = await verifier.verify(issue({ sub: "alice" }));
      expect(later.kind === "valid" && later.expiresAt).toBeGreaterThan(Date.now());
    });

    test("does not mix up tokens that it is given at once", async () => {
      const { verifier, issue } = await assemble();
      const users = Array.from({ length: 10 }, (_, index) => ({ sub: `user-${index}` }));
      const outcomes = await Promise.all(users.map((user) => verifier.verify(issue(user))));
      expect(outcomes).toMatchObject(users.map((claims) => ({ kind: "valid", claims })));
    });

    test.each(["", "alice", "...", "e30.e30.e30", "\u0000", "e30.世界.e30"])(
      "takes %j for an invalid token",
      async (token) => {
        const { verifier } = await assemble();
        expect(await verifier.verify(token)).toEqual({ kind: "invalid" });
      },
    );

    test("takes a valid token with a letter more or less for an invalid one", async () => {
      const { verifier, issue } = await assemble();
      const token = issue({ sub: "alice" });
      expect(await verifier.verify(`x${token}`)).toEqual({ kind: "invalid" });
      expect(await verifier.verify(token.slice(1))).toEqual({ kind: "invalid" });
    });

    test("rejects without a word of the token while it cannot verify any, and recovers", async () => {
      const { verifier, issue, breakDown, recover } = await assemble();
      const token = issue({ sub: "alice" });
      breakDown();
      const failure = await verifier.verify(token).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      for (const part of token.split(".")) {
        expect(String(failure)).not.toContain(part);
      }
      recover();
      expect(await verifier.verify(token)).toMatchObject({
        kind: "valid",
        claims: { sub: "alice" },
      });
    });
  });
}
