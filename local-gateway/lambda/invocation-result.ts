/**
 * What became of one invocation.
 *
 * - `returned`: the function returned; `payload` is its result after the way through JSON (`undefined` becomes null).
 * - `failed`: the function threw, crashed, timed out or could not be loaded. `trace` has the lines of the error's stack,
 *   where there was an error; `place` is a file of the function's with the line, where a crash says it.
 * - `rejected`: Lambda did not run the function at all.
 */
export type InvocationResult =
  | { readonly outcome: "returned"; readonly payload: unknown }
  | {
      readonly outcome: "failed";
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace?: readonly string[];
      readonly place?: string;
    }
  | { readonly outcome: "rejected"; readonly errorType: string; readonly errorMessage: string };

/** Why a function did not return. */
export type InvocationFailure = Extract<InvocationResult, { outcome: "failed" }>;
