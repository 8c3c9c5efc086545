import { hash } from "node:crypto";

/** A request as it was received, with the names that Node's `IncomingMessage` has for its parts, and the whole body. */
export interface SignedRequest {
  readonly method: string;
  /** The request target, for example `/dev/@connections/Nq3xYd7RiYcCG4A%3D?x=1`. */
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Header values by name in lower case, as they are signed. */
export type CanonicalHeaders = ReadonlyMap<string, string>;

/** What the signature itself says about what it covers. */
export interface SignatureCoverage {
  /** The names of the signed headers, joined with semicolons. */
  readonly signedHeaders: string;
  /** True when the signature is in the query string, false when it is in the Authorization header. */
  readonly presigned: boolean;
}

/** All that has to be encoded in a path: neither an unreserved character nor a slash. */
const NOT_CANONICAL_IN_PATH = /[^A-Za-z0-9\-._~/]/g;
/** In a query string: an encoded character, or one that has to be encoded. */
const NOT_CANONICAL_IN_QUERY = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/** The one parameter that cannot be part of what it signs. */
const SIGNATURE_PARAMETER = "X-Amz-Signature";

/**
 * The canonical request: the text that represents a whole request in its signature. Its hash is that of the received
 * body, whatever `x-amz-content-sha256` says: only S3 accepts an unsigned payload.
 *
 * @param headers all headers of the request, from `canonicalHeaders`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(
  { method, url, body }: Omit<SignedRequest, "rawHeaders">,
  headers: CanonicalHeaders,
  { signedHeaders, presigned }: SignatureCoverage,
): string {
  let lines = "";
  for (const name of signedHeaders.split(";")) {
    lines += `${name}:${headers.get(name) ?? ""}\n`;
  }
  return `${method}\n${canonicalPath(url)}\n${canonicalQuery(url, presigned)}\n${lines}\n${signedHeaders}\n${hash("sha256", body)}`;
}

/**
 * Reads headers as they are signed: values trimmed, with single spaces inside; the values of one name joined with commas
 * in the order received.
 *
 * @param rawHeaders names and values in turn
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalHeaders(rawHeaders: readonly string[]): CanonicalHeaders {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = (rawHeaders[index + 1] ?? "").replace(/[ \t]+/g, " ").trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}

/**
 * The path as it is signed: encoded once more than it was sent, so that `@` becomes `%40` and `%3D` becomes `%253D`,
 * without empty and dot segments.
 */
function canonicalPath(url: string): string {
  const end = url.indexOf("?");
  const path = end === -1 ? url : url.slice(0, end);
  return withoutDotSegments(path).replace(NOT_CANONICAL_IN_PATH, percentEncode);
}

function withoutDotSegments(path: string): string {
  if (!path.includes("//") && !path.includes("/.")) {
    return path;
  }
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") {
      kept.pop();
    } else if (segment !== "" && segment !== ".") {
      kept.push(segment);
    }
  }
  const end = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${end}`;
}

/**
 * The query string as it is signed: names and values encoded in one way, sorted by name and then by value, each with an
 * equal sign. Of a presigned URL everything but the signature.
 */
function canonicalQuery(url: string, presigned: boolean): string {
  const start = url.indexOf("?");
  if (start === -1) {
    return "";
  }
  const parameters: [name: string, value: string][] = [];
  for (const parameter of url.slice(start + 1).split("&")) {
    const [name = "", ...value] = parameter.split("=");
    if (parameter !== "" && !(presigned && name === SIGNATURE_PARAMETER)) {
      parameters.push([canonicalParameter(name), canonicalParameter(value.join("="))]);
    }
  }
  return parameters
    .sort(([name, value], [otherName, otherValue]) =>
      name === otherName ? compare(value, otherValue) : compare(name, otherName),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function canonicalParameter(text: string): string {
  return text.replace(NOT_CANONICAL_IN_QUERY, (found) => {
    if (found.length === 1) {
      return percentEncode(found);
    }
    const character = String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return UNRESERVED.test(character) ? character : found.toUpperCase();
  });
}

/** Node reads request targets byte by byte, so each character is one byte. `encodeURIComponent` would encode UTF-8. */
function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
