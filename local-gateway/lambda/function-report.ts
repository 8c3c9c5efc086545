/**
 * Something about a running function that its developer should know.
 *
 * - `not loaded`: the code builds, but cannot be loaded: its first events would fail. `problem` says why, with the place
 *   in the source. Where the sources are watched, the next save is tried.
 * - `reloaded`: a saved change is live. `duration` is the time since it was noticed, in milliseconds.
 * - `not reloaded`: a saved change does not build or load, and the code from before goes on. `problem` says why, a
 *   build error with file and line.
 * - `inspected`: a debugger can attach, at `url`.
 * - `late call`: see LateCall.
 */
export type FunctionReport =
  | { readonly kind: "not loaded"; readonly functionId: string; readonly problem: string }
  | { readonly kind: "reloaded"; readonly functionId: string; readonly duration: number }
  | { readonly kind: "not reloaded"; readonly functionId: string; readonly problem: string }
  | { readonly kind: "inspected"; readonly functionId: string; readonly url: string }
  | ({ readonly kind: "late call"; readonly functionId: string } & LateCall);

/**
 * An HTTP call that was in flight when its invocation returned (`begun` is `before`), or that began afterwards. On
 * Lambda the environment is frozen by then: such a call is lost, or goes on with a later event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-invoke
 */
export interface LateCall {
  readonly requestId: string;
  readonly begun: "before" | "after";
  readonly method: string;
  /** Host and path, without the query. */
  readonly target: string;
}
