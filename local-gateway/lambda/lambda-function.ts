import type { Invocation } from "./invocation.ts";
import type { InvocationResult } from "./invocation-result.ts";

/** A function that can be invoked, whatever runs it. */
export interface LambdaFunction {
  /** Runs the function once with `event`, any JSON. Never throws: whatever goes wrong is in the result. */
  invoke(event: unknown, invocation?: Invocation): Promise<InvocationResult>;
}
