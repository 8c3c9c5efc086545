/** The headers of a request as a signature sees them: by name in lower case. */
export type RequestHeaders = ReadonlyMap<string, string>;

/**
 * Reads headers the way they are signed: values without space at their ends and with single spaces inside, those of one
 * name joined with commas in the order they came.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function readRequestHeaders(rawHeaders: readonly string[]): RequestHeaders {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = (rawHeaders[index + 1] ?? "").replace(/[ \t]+/g, " ").trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}
