import { type SignedFetchOptions, signedFetch } from "../support/signed-fetch.ts";

/** What a test cares about; the rest is an invocation by the developer that waits for the result. */
interface InvokeOptions extends Pick<SignedFetchOptions, "credentials" | "region" | "service"> {
  readonly payload?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly invocationType?: string;
  readonly qualifier?: string;
}

/** Invokes a function as the AWS CLI does, with a signed request. */
export async function invoke(
  endpoint: string,
  functionName: string,
  { payload, headers, invocationType, qualifier, ...signing }: InvokeOptions = {},
): Promise<Response> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const query = qualifier === undefined ? "" : `?Qualifier=${encodeURIComponent(qualifier)}`;
  return await signedFetch(`${endpoint}${path}${query}`, {
    method: "POST",
    service: "lambda",
    ...signing,
    headers: {
      ...headers,
      ...(invocationType !== undefined && { "x-amz-invocation-type": invocationType }),
    },
    ...(payload !== undefined && { body: payload }),
  });
}
