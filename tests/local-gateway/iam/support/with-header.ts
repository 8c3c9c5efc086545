import type { SignedRequest } from "../../../../local-gateway/iam/signature/signed-request.ts";

/** The same request with another value of one header, or without that header when the value is undefined. */
export function withHeader(
  request: SignedRequest,
  header: string,
  change: (value: string) => string | undefined,
): SignedRequest {
  const rawHeaders: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    const changed = name.toLowerCase() === header ? change(value) : value;
    if (changed !== undefined) {
      rawHeaders.push(name, changed);
    }
  }
  return { ...request, rawHeaders };
}
