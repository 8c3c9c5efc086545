import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";

/**
 * Refuses a signature that would be good for any host. Takes the names of the signed headers, joined with semicolons.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function checkSignedHost(signedHeaders: string): SignatureRefusal | undefined {
  return signedHeaders.toLowerCase().split(";").includes("host")
    ? undefined
    : refuseSignature(
        "InvalidSignatureException",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      );
}
