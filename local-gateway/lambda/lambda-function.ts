import type { InvocationResult } from "./invocation-result.ts";

/** A function that can be invoked, whatever runs it. */
export interface LambdaFunction {
  /** Runs the function once with `event`. Never throws: whatever goes wrong is in the result. */
  invoke(event: object): Promise<InvocationResult>;
}
