const ANY_IPV4 = "0.0.0.0";
const ANY_IPV6 = "::";

/** The host part of a URL under which a listener on `host` is reached from this machine. */
export function reachableHost(host: string): string {
  if (host === ANY_IPV4) {
    return "127.0.0.1";
  }
  if (host === ANY_IPV6) {
    return "[::1]";
  }
  return host.includes(":") ? `[${host}]` : host;
}
