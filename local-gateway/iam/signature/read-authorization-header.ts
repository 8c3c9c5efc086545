import { hash } from "node:crypto";
import type { RequestHeaders } from "./read-request-headers.ts";
import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureClaim } from "./signature-claim.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` and the headers that belong to it. AWS names all
 * that is missing at once, and shows the header only as a hash, for it may hold a secret of another kind.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readAuthorizationHeader(
  authorization: string,
  headers: RequestHeaders,
): SignatureClaim | SignatureRefusal {
  const [algorithm = "", ...pairs] = authorization.split(/[, ]+/);
  const parameters = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals === -1) {
      const shown = hash("sha256", authorization, "base64");
      return incomplete(
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${shown}'.`,
      );
    }
    parameters.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const credential = parameters.get("Credential");
  const signature = parameters.get("Signature");
  const signedHeaders = parameters.get("SignedHeaders");
  const date = headers.get("x-amz-date") || headers.get("date");
  if (!credential || !signature || !signedHeaders || !date) {
    const missing = Object.entries({
      Credential: credential,
      Signature: signature,
      SignedHeaders: signedHeaders,
    })
      .filter(([, value]) => !value)
      .map(([name]) => `Authorization header requires '${name}' parameter. `);
    if (!date) {
      missing.push(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
      );
    }
    const shown = hash("sha256", authorization, "base64");
    return incomplete(
      `${missing.join("")}(Hashed with SHA-256 and encoded with Base64) Authorization=${shown}`,
    );
  }
  const sessionToken = headers.get("x-amz-security-token");
  return { algorithm, credential, signedHeaders, signature, date, sessionToken, presigned: false };
}

function incomplete(message: string): SignatureRefusal {
  return refuseSignature("IncompleteSignatureException", message);
}
