import type { LocalHosts } from "./local-hosts.ts";

const URL_OF_AWS = /^(?<scheme>https|wss):\/\/(?<host>[^/?#:]+)(?::443)?(?<rest>[/?#].*)?$/is;

/**
 * The environment variables of a function on this machine: a value that is the https or wss URL of a host that stands
 * here becomes the http or ws URL of that place, with the same path. Every other value stays what it is on AWS.
 */
export function localVariables(
  variables: Readonly<Record<string, string>>,
  hosts: LocalHosts,
): Record<string, string> {
  const local = Object.entries(variables).map(([name, value]) => [name, localUrl(value, hosts)]);
  return Object.fromEntries(local);
}

function localUrl(value: string, hosts: LocalHosts): string {
  const { scheme, host, rest = "" } = URL_OF_AWS.exec(value)?.groups ?? {};
  const origin = hosts[host?.toLowerCase() ?? ""];
  if (origin === undefined) {
    return value;
  }
  const isSocket = scheme?.toLowerCase() === "wss";
  return `${isSocket ? origin.replace(/^http/, "ws") : origin}${rest}`;
}
