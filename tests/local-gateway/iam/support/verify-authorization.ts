import type { SignatureVerdict } from "../../../../local-gateway/iam/signature/signature-verdict.ts";
import { createVerifier } from "./create-verifier.ts";
import { SIGNED_AT, signRequest } from "./sign-request.ts";
import { withHeader } from "./with-header.ts";

/** Verifies a well signed request whose Authorization header was changed. */
export async function verifyAuthorization(
  change: (value: string) => string | undefined,
): Promise<SignatureVerdict> {
  const request = withHeader(await signRequest(), "authorization", change);
  return createVerifier().verify(request, SIGNED_AT);
}
