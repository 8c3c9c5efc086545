import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Endpoint } from "./endpoint.ts";

/**
 * The query string that signs an upgrade, as browsers have to sign it: without headers of their own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export async function presignUpgrade({ url, region, credentials }: Endpoint): Promise<string> {
  const { protocol, hostname, host, pathname } = new URL(url);
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign({
    method: "GET",
    protocol,
    hostname,
    path: pathname,
    headers: { host },
  });
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join("&");
}
