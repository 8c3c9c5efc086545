import type { ConnectOptions } from "./connect-options.ts";

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
