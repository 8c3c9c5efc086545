import type { SignatureRejection } from "../../../local-gateway/sigv4/claim.ts";
import {
  type SignatureVerdict,
  SignatureVerifier,
  type SignatureVerifierOptions,
} from "../../../local-gateway/sigv4/verify.ts";
import { SIGNED_AT, signRequest, withHeader } from "./sign-request.ts";

/** Temporary credentials that the verifier of the tests knows, next to `local` / `local`. */
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

/** Verifies a well signed request whose Authorization header was changed. */
export async function verifyAuthorization(
  change: (value: string) => string | undefined,
): Promise<SignatureVerdict> {
  const request = withHeader(await signRequest(), "authorization", change);
  return createVerifier().verify(request, SIGNED_AT);
}

/** The verdict that a test expects. */
export function rejected(
  errorType: SignatureRejection["errorType"],
  message: string,
): SignatureRejection {
  return { ok: false, errorType, message };
}
