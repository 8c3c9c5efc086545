import { readAuthorizationHeader } from "./read-authorization-header.ts";
import { readPresignedQuery } from "./read-presigned-query.ts";
import type { RequestHeaders } from "./read-request-headers.ts";
import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureClaim } from "./signature-claim.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";
import type { SigningService } from "./signing-service.ts";

const MISSING: Readonly<Record<SigningService, string>> = {
  "execute-api": "Missing Authentication Token",
  dynamodb: "Request is missing Authentication Token",
  lambda: "Missing Authentication Token",
};

/**
 * Finds the signature of a request, in its Authorization header or in its query string; both at once are one too many.
 * DynamoDB takes an Authorization header of another kind for none, the other services for a broken one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readSignatureClaim(
  url: string,
  headers: RequestHeaders,
  service: SigningService,
): SignatureClaim | SignatureRefusal {
  const authorization = headers.get("authorization");
  const query = presignedQuery(url);
  if (authorization && query) {
    return refuseSignature(
      "InvalidSignatureException",
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (query) {
    return readPresignedQuery(query);
  }
  if (!authorization || (service === "dynamodb" && !authorization.startsWith("AWS4-"))) {
    return refuseSignature("MissingAuthenticationTokenException", MISSING[service]);
  }
  return readAuthorizationHeader(authorization, headers);
}

function presignedQuery(url: string): URLSearchParams | undefined {
  if (!url.includes("X-Amz-Algorithm")) {
    return;
  }
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  return query.has("X-Amz-Algorithm") ? query : undefined;
}
