import type { LogLevel } from "../../template/log-level.ts";
import type { LateCall } from "../function-report.ts";
import type { LocalHosts } from "../local-hosts.ts";
import type { InvocationError } from "./describe-error.ts";

/** What an execution environment is told first: which function it runs. */
export interface LoadMessage {
  readonly type: "load";
  /** The absolute path of the function's code. */
  readonly root: string;
  /** `folder/file.export`, relative to the root. */
  readonly handler: string;
  /** For example `nodejs24.x`. */
  readonly runtime: string;
  /** A file beside which an AWS SDK is installed for functions that bring none; there is none when absent. */
  readonly sdk?: string;
  /** No request is redirected when absent. */
  readonly localHosts?: LocalHosts;
  readonly logFormat: "JSON" | "Text";
  /** The least important level that is written. */
  readonly logLevel: LogLevel;
  /** The part of the context object that is the same for every event. */
  readonly context: Readonly<Record<string, string>>;
  /** The port on 127.0.0.1 where a debugger may attach. */
  readonly inspectPort?: number;
}

/** What an execution environment is told once it is ready or has answered: run this event. */
export interface InvokeMessage {
  readonly type: "invoke";
  readonly requestId: string;
  /** What `_X_AMZN_TRACE_ID` holds during the event. */
  readonly traceId: string;
  /** When the function is timed out, in milliseconds since 1970. */
  readonly deadline: number;
  /** As JSON text. */
  readonly event: string;
  /** Members of the context object that other events do not have, or not like this. */
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * What an execution environment says.
 *
 * - `ready`: the handler is loaded.
 * - `returned`: the handler returned; `payload` is its result as JSON text.
 * - `failed`: the handler threw. The environment can run the next event.
 * - `crashed`: the environment ends, because loading failed or because of an error that nobody caught. `place` is the
 *   place in the function's code, where it is known.
 * - `line`: one line of the log, which may have line breaks in it.
 * - `inspected`: a debugger can attach, at `url`.
 * - `late call`: what the handler called has outlived its invocation.
 */
export type RuntimeMessage =
  | { readonly type: "ready" }
  | { readonly type: "returned"; readonly payload: string }
  | ({ readonly type: "failed" } & InvocationError)
  | ({ readonly type: "crashed"; readonly place?: string } & InvocationError)
  | { readonly type: "line"; readonly line: string }
  | { readonly type: "inspected"; readonly url: string }
  | { readonly type: "late call"; readonly call: LateCall };
