import { hash } from "node:crypto";
import { canonicalPath } from "./canonical-path.ts";
import { canonicalQuery } from "./canonical-query.ts";
import type { RequestHeaders } from "./read-request-headers.ts";
import type { SignatureClaim } from "./signature-claim.ts";
import type { SignedRequest } from "./signed-request.ts";

/**
 * The text that stands for a whole request in its signature. The hash is that of the body that came, whatever
 * `x-amz-content-sha256` says: only S3 accepts a payload that is not signed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(
  { method, url, body }: SignedRequest,
  headers: RequestHeaders,
  { signedHeaders, presigned }: SignatureClaim,
): string {
  let lines = "";
  for (const name of signedHeaders.split(";")) {
    lines += `${name}:${headers.get(name) ?? ""}\n`;
  }
  return `${method}\n${canonicalPath(url)}\n${canonicalQuery(url, presigned)}\n${lines}\n${signedHeaders}\n${hash("sha256", body)}`;
}
