/** Hosts to which plain http does not leave the machine, as `URL` writes them. */
const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

/**
 * Where the issuer's keys are: at `jwksUri`, or where an issuer has them usually. Throws when that is neither an https
 * URL nor, for an issuer on the developer's own machine, an http URL of a loopback host: keys that came over an open
 * line could be anybody's.
 */
export function jwksUrl(issuer: string, jwksUri: string | undefined): URL {
  const [name, text] = jwksUri === undefined ? ["issuer", issuer] : ["JWKS URI", jwksUri];
  const url = URL.parse(text);
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (url === null || !isSafe) {
    throw new Error(`The ${name} must be an https URL (http only on a loopback host): ${text}`);
  }
  // Half of all issuers end in a slash.
  return jwksUri === undefined
    ? new URL(`${url.pathname.replace(/\/+$/, "")}/.well-known/jwks.json`, url.origin)
    : url;
}
