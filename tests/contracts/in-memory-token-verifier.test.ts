import { InMemoryTokenVerifier } from "../support/in-memory-token-verifier.ts";
import { tokenVerifierContract } from "./token-verifier-contract.ts";

tokenVerifierContract("InMemoryTokenVerifier", async () => {
  const verifier = new InMemoryTokenVerifier();
  let issued = 0;
  return {
    verifier,
    issue(claims) {
      const token = `e30.token-${issued++}.e30`;
      verifier.accept(token, claims);
      return token;
    },
    breakDown() {
      verifier.failure = new Error("The keys are away.");
    },
    recover() {
      verifier.failure = undefined;
    },
  };
});
