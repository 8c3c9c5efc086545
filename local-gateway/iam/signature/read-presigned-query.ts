import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureClaim } from "./signature-claim.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";

/**
 * Reads a signature from the query string of a presigned URL, `X-Amz-Algorithm=…&X-Amz-Credential=…`. `X-Amz-Expires`
 * is left alone: outside of S3 a URL lives as long as a signed header does.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html and
 *   https://github.com/aws/aws-sdk-go/pull/2224
 */
export function readPresignedQuery(query: URLSearchParams): SignatureClaim | SignatureRefusal {
  const algorithm = query.get("X-Amz-Algorithm");
  const credential = query.get("X-Amz-Credential");
  const signature = query.get("X-Amz-Signature");
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const date = query.get("X-Amz-Date");
  if (!algorithm || !credential || !signature || !signedHeaders || !date) {
    const missing = Object.entries({
      "X-Amz-Algorithm": algorithm,
      "X-Amz-Credential": credential,
      "X-Amz-Signature": signature,
      "X-Amz-SignedHeaders": signedHeaders,
      "X-Amz-Date": date,
    })
      .filter(([, value]) => !value)
      .map(([name]) => `AWS query-string parameters must include '${name}'. `);
    return refuseSignature(
      "IncompleteSignatureException",
      `${missing.join("")}Re-examine the query-string parameters.`,
    );
  }
  const sessionToken = query.get("X-Amz-Security-Token") ?? undefined;
  return { algorithm, credential, signedHeaders, signature, date, sessionToken, presigned: true };
}
