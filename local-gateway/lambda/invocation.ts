/** The parts of one invocation next to its event. */
export interface Invocation {
  /** Random when absent. All attempts to run one event have the same. */
  readonly requestId?: string;
  /** Members of the context object that are not those of every event of the function. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** What {@link eventJson} gives for the event, when it is known. */
  readonly json?: string;
}

/** An event as JSON text. Undefined when it has none: it is circular or nested too deeply, or has a BigInt. */
export function eventJson(event: unknown): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return;
  }
}

/**
 * The result of one invocation.
 *
 * - `returned`: the function returned; `payload` is its result after the way through JSON (`undefined` becomes null).
 * - `failed`: the function threw, crashed, timed out or could not be loaded. `trace` has the lines of the error's stack,
 *   if it threw an error; `place` is the file of the function with the line, if a crash has one. `payload` is the error as
 *   the function's runtime describes it, if it has a form of its own.
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
      readonly payload?: unknown;
    }
  | { readonly outcome: "rejected"; readonly errorType: string; readonly errorMessage: string };

/** Why a function did not return. */
export type InvocationFailure = Extract<InvocationResult, { outcome: "failed" }>;

/** A function that can be invoked, whatever runs it. */
export interface LambdaFunction {
  /** Runs the function once with `event`, any JSON. Never throws: every failure is in the result. */
  invoke(event: unknown, invocation?: Invocation): Promise<InvocationResult>;
}
