import {
  SignatureVerifier,
  type SignatureVerifierOptions,
} from "../../../../local-gateway/iam/signature/signature-verifier.ts";

/** Temporary credentials that the verifier of the tests knows, beside `local` / `local`. */
export const TEMPORARY = {
  accessKeyId: "ASIAQWERTYUIOPASDFGH",
  secretAccessKey: "s/e+cret",
  sessionToken: "to/k+en==",
} as const;

/** A verifier for execute-api in us-east-1, unless a test says otherwise. */
export function createVerifier(options: Partial<SignatureVerifierOptions> = {}): SignatureVerifier {
  return new SignatureVerifier({
    service: "execute-api",
    region: "us-east-1",
    findCredentials: (accessKeyId) => {
      if (accessKeyId === "local") {
        return { secretAccessKey: "local" };
      }
      return accessKeyId === TEMPORARY.accessKeyId ? TEMPORARY : undefined;
    },
    ...options,
  });
}
