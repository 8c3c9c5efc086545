import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Endpoint } from "./target.ts";

/** An HTTP request, its path exactly as it is to go over the wire. */
export interface HttpCall {
  readonly method: string;
  /** Scheme, host and port; the rest of it is not used. */
  readonly origin: string;
  /** With the query string, if any. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The answer to an HTTP request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

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

/** Sends an HTTP request as it is. Rejects when there is no answer. */
export async function sendHttp({
  method,
  origin,
  path,
  headers,
  body,
}: HttpCall): Promise<HttpAnswer> {
  const { protocol, hostname, port } = new URL(origin);
  const request = protocol === "https:" ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, hostname, port, path, headers, agent: false };
    request(options, resolve).on("error", reject).end(body);
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await text(response),
  };
}
