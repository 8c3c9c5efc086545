/** What the path and the query of an Invoke call say. */
export interface InvokePath {
  /** A name or an ARN, decoded. */
  readonly functionName: string;
  readonly qualifier: string | undefined;
}

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Reads the request target of an Invoke call; undefined for any other call of Lambda's API.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readInvokePath(method: string, url: string): InvokePath | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  const encoded = PATH.exec(path)?.[1];
  if (method !== "POST" || encoded === undefined) {
    return;
  }
  const qualifier = new URLSearchParams(query).get("Qualifier") || undefined;
  return { functionName: decode(encoded), qualifier };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
