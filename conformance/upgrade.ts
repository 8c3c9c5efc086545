import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { ClientOptions } from "ws";
import type { Command } from "./probe-client.ts";
import type { Endpoint } from "./target.ts";

/** How to connect. */
export interface ConnectOptions extends ClientOptions {
  /** What the `$connect` of the probe application is to do, by its query parameter `command`. */
  readonly command?: Command;
  /** A list is a parameter that is repeated. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly protocols?: readonly string[];
  /** In place of the endpoint's own path. */
  readonly path?: string;
}

/** Where to connect with these options. */
export function upgradeUrl(
  endpointUrl: string,
  { command, query, path }: Pick<ConnectOptions, "command" | "query" | "path">,
): URL {
  const url = new URL(endpointUrl);
  url.pathname = path ?? url.pathname;
  const parameters = { ...query, ...(command && { command: JSON.stringify(command) }) };
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values].flat()) {
      url.searchParams.append(name, value);
    }
  }
  return url;
}

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
