import type { InvocationFailure } from "./invocation-result.ts";

/** What became of a change of code; `drained` resolves once nothing runs the code from before. */
export type Replacement =
  | { readonly replaced: true; readonly drained: Promise<unknown> }
  | { readonly replaced: false; readonly failure: InvocationFailure };
