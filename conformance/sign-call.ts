import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Endpoint } from "./endpoint.ts";
import type { HttpCall } from "./http-call.ts";

/**
 * Signs a request to a WebSocket API or its management API with SigV4, in its headers. The headers stay the caller's to
 * change: that is how a tampered request is made.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function signCall(
  call: HttpCall,
  { region, credentials }: Pick<Endpoint, "region" | "credentials">,
): Promise<HttpCall> {
  const { protocol, hostname, host } = new URL(call.origin);
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: call.method,
    protocol,
    hostname,
    path: call.path,
    headers: { ...call.headers, host },
    body: call.body,
  });
  return { ...call, headers };
}
