import { percentEncode } from "./percent-encode.ts";

/** What stays as it is: unreserved characters and the slash. */
const ENCODED = /[^A-Za-z0-9\-._~/]/g;

/**
 * The path of a request target as it is signed: encoded once more than it was sent, so that `@` counts as `%40` and
 * `%3D` as `%253D`, without empty and dot segments.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalPath(url: string): string {
  const end = url.indexOf("?");
  const path = end === -1 ? url : url.slice(0, end);
  return normalize(path).replace(ENCODED, percentEncode);
}

function normalize(path: string): string {
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
