import { percentEncode } from "./percent-encode.ts";

/** An encoded character, or one that has to be. */
const NOT_CANONICAL = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/** The one parameter that cannot be part of what it signs. */
const SIGNATURE = "X-Amz-Signature";

/**
 * The query string of a request target as it is signed: names and values encoded in one way, sorted by name and then by
 * value, each with its equal sign. Of a presigned URL all but the signature.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalQuery(url: string, presigned: boolean): string {
  const start = url.indexOf("?");
  if (start === -1) {
    return "";
  }
  const parameters: [name: string, value: string][] = [];
  for (const parameter of url.slice(start + 1).split("&")) {
    const [name = "", ...value] = parameter.split("=");
    if (parameter !== "" && !(presigned && name === SIGNATURE)) {
      parameters.push([encode(name), encode(value.join("="))]);
    }
  }
  return parameters
    .sort(([name, value], [otherName, otherValue]) =>
      name === otherName ? compare(value, otherValue) : compare(name, otherName),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function encode(text: string): string {
  return text.replace(NOT_CANONICAL, (found) => {
    if (found.length === 1) {
      return percentEncode(found);
    }
    const character = String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return UNRESERVED.test(character) ? character : found.toUpperCase();
  });
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
