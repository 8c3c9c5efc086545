import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";

/** The result of a function that returned `payload`. */
export function returns(payload: unknown): InvocationResult {
  return { outcome: "returned", payload };
}
