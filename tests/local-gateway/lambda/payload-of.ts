import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";

/** What the function returned. Throws when it did not return. */
export async function payloadOf(invocation: Promise<InvocationResult>): Promise<unknown> {
  const result = await invocation;
  if (result.outcome !== "returned") {
    throw new Error(`${result.errorType}: ${result.errorMessage}`);
  }
  return result.payload;
}
