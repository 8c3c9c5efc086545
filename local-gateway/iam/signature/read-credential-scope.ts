import type { CredentialScope } from "./credential-scope.ts";
import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";

/**
 * Takes a credential apart, `accessKeyId/date/region/service/aws4_request`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readCredentialScope(credential: string): CredentialScope | SignatureRefusal {
  const elements = credential.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", terminator = ""] = elements;
  return elements.length === 5
    ? { accessKeyId, date, region, service, terminator }
    : refuseSignature(
        "IncompleteSignatureException",
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      );
}
