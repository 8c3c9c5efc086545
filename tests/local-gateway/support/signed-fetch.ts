import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";

/** What a test cares about; the rest is a GET of the management API by the developer. */
export interface SignedFetchOptions {
  readonly method?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly service?: string;
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly signedAt?: Date;
}

const DEVELOPER = { accessKeyId: "local", secretAccessKey: "local" };

/** Fetches a URL with a request that the SDK's own signer has signed. */
export async function signedFetch(
  url: string | URL,
  {
    method = "GET",
    body,
    headers = {},
    service = "execute-api",
    region = "eu-west-1",
    credentials = DEVELOPER,
    signedAt = new Date(),
  }: SignedFetchOptions = {},
): Promise<Response> {
  const { protocol, hostname, host, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const query = Object.fromEntries(searchParams);
  const request = { method, protocol, hostname, path: pathname, query, body };
  const signed = await signer.sign(
    { ...request, headers: { ...headers, host } },
    { signingDate: signedAt },
  );
  return await fetch(url, { method, headers: signed.headers, body: body ?? null });
}
