import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";

/** The developer's credentials. */
const DEVELOPER = { accessKeyId: "local", secretAccessKey: "local" };

/** A call that the developer makes. */
interface SignedPost {
  readonly url: string;
  /** For example `lambda`. */
  readonly service: string;
  readonly region: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts a text to an API of a local gateway, signed as the developer. Rejects as `fetch` does. */
export async function signedPost({
  url,
  service,
  region,
  headers,
  body,
}: SignedPost): Promise<Response> {
  const { hostname, host, pathname: path } = new URL(url);
  const signer = new SignatureV4({ service, region, credentials: DEVELOPER, sha256: Sha256 });
  const call = { method: "POST", protocol: "http:", hostname, path, query: {}, body };
  const signed = await signer.sign({ ...call, headers: { ...headers, host } });
  return await fetch(url, { method: "POST", headers: signed.headers, body });
}
