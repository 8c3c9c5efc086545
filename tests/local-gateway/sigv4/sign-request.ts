import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SignedRequest } from "../../../local-gateway/sigv4/canonical-request.ts";

/** The moment at which requests are signed unless a test says otherwise. */
export const SIGNED_AT = new Date("2026-07-15T09:00:00Z");

/** What a test may want to sign; the rest is an ordinary call of the management API. */
export interface ToSign {
  readonly method?: string;
  /** As it is sent. */
  readonly path?: string;
  /** Before it is encoded. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly service?: string;
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly signedAt?: Date;
  /** True for a signature in the query string. */
  readonly presigned?: boolean;
}

/** Signs a request with the SDK's own signer, and gives it as a server receives it. */
export async function signRequest({
  method = "POST",
  path = "/dev/@connections/Nq3xYd7RiYcCG4A%3D",
  query = {},
  headers = {},
  body = "hello",
  service = "execute-api",
  region = "us-east-1",
  credentials = { accessKeyId: "local", secretAccessKey: "local" },
  signedAt = SIGNED_AT,
  presigned = false,
}: ToSign = {}): Promise<SignedRequest> {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const request = {
    method,
    protocol: "http:",
    hostname: "127.0.0.1",
    path,
    query,
    headers: { host: "127.0.0.1:3300", ...headers },
    body: Buffer.from(body),
  };
  const signed = presigned
    ? await signer.presign(request, { signingDate: signedAt })
    : await signer.sign(request, { signingDate: signedAt });
  const parameters = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return {
    method,
    url: parameters.length === 0 ? path : `${path}?${parameters.join("&")}`,
    rawHeaders: Object.entries(signed.headers).flat(),
    body: Buffer.from(body),
  };
}

/** The same request with another value of one header, or without that header when the value is undefined. */
export function withHeader(
  request: SignedRequest,
  header: string,
  change: (value: string) => string | undefined,
): SignedRequest {
  const rawHeaders: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    const changed = name.toLowerCase() === header ? change(value) : value;
    if (changed !== undefined) {
      rawHeaders.push(name, changed);
    }
  }
  return { ...request, rawHeaders };
}
