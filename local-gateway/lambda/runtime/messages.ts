import type { Readable } from "node:stream";
import type { LogLevel } from "../../template/functions.ts";
import type { BackgroundCall } from "../function-report.ts";
import type { LocalHosts } from "../variables.ts";

/**
 * The largest result that Lambda gives to an invoker that waits for it, in bytes: a little more than 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_PAYLOAD_BYTES = 6_291_556;

/**
 * The longest line of the log, in characters. CloudWatch takes as many bytes for one event.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const MAX_LOG_LINE_LENGTH = 1_048_576;

/** The first message to an execution environment: the function that it runs. */
export interface LoadMessage {
  readonly type: "load";
  /** The absolute path of the function's code. */
  readonly root: string;
  /** `folder/file.export`, relative to the root. */
  readonly handler: string;
  /** For example `nodejs24.x`. */
  readonly runtime: string;
  /**
   * Files or folders from which an AWS SDK may be found, the first first, for code without one of its own; none when
   * absent.
   */
  readonly sdk?: readonly string[];
  /** The absolute path of what is in `/opt`; the function has no layers when absent. */
  readonly layers?: string;
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

/** The message to an execution environment that is ready or has answered: run this event. */
export interface InvokeMessage {
  readonly type: "invoke";
  readonly requestId: string;
  /** The value of `_X_AMZN_TRACE_ID` during the event. */
  readonly traceId: string;
  /** When the function is timed out, in milliseconds since 1970. */
  readonly deadline: number;
  /** As JSON text. */
  readonly event: string;
  /** Members of the context object that other events do not have, or not like this. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** The error that ended an invocation, as its invoker receives it. */
export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The lines of its stack; none when the thrown value is not an error. */
  readonly trace: readonly string[];
  /** What the invoker receives in place of these members, from a runtime that describes its errors in its own way. */
  readonly payload?: unknown;
}

/**
 * A message of an execution environment.
 *
 * - `ready`: the handler is loaded.
 * - `returned`: the handler returned; `payload` is its result as JSON text.
 * - `too large`: the result is larger than Lambda allows: `size` bytes of JSON text.
 * - `failed`: the handler threw. The environment can run the next event.
 * - `crashed`: the environment ends, because loading failed or because of an uncaught error. `place` is the
 *   place in the function's code, where it is known.
 * - `line`: one line of the log, which may have line breaks in it.
 * - `inspected`: a debugger can attach, at `url`.
 * - `background call`: an HTTP call of the handler has outlived its invocation.
 */
export type RuntimeMessage =
  | { readonly type: "ready" }
  | { readonly type: "returned"; readonly payload: string }
  | { readonly type: "too large"; readonly size: number }
  | ({ readonly type: "failed" } & InvocationError)
  | ({ readonly type: "crashed"; readonly place?: string } & InvocationError)
  | { readonly type: "line"; readonly line: string }
  | { readonly type: "inspected"; readonly url: string }
  | { readonly type: "background call"; readonly call: BackgroundCall };

// Taken before the function's code runs, which may replace it.
const { stringify } = JSON;

const STRINGS: Readonly<Record<RuntimeMessage["type"], readonly string[]>> = {
  ready: [],
  returned: ["payload"],
  "too large": [],
  failed: ["errorType", "errorMessage"],
  crashed: ["errorType", "errorMessage"],
  line: ["line"],
  inspected: ["url"],
  "background call": [],
};

const STRINGS_OF_A_CALL = ["requestId", "begun", "method", "target"];

/** Writes a message as one line, which begins with the token that only the gateway and its runtime know. */
export function formatRuntimeMessage(message: RuntimeMessage, token: string): string {
  return `${token} ${stringify(message)}\n`;
}

/**
 * Reads a line of the channel; undefined when the runtime has not written it. The handler shares its process, and so its
 * descriptors.
 */
export function parseRuntimeMessage(line: string, token: string): RuntimeMessage | undefined {
  if (!line.startsWith(`${token} `)) {
    return;
  }
  try {
    const message: unknown = JSON.parse(line.slice(token.length + 1));
    return isRuntimeMessage(message) ? message : undefined;
  } catch {
    return;
  }
}

function isRuntimeMessage(message: unknown): message is RuntimeMessage {
  if (!isRecord(message) || !isType(message.type)) {
    return false;
  }
  const { type, call, trace, size, place } = message;
  switch (type) {
    case "too large":
      return typeof size === "number";
    case "background call":
      return isRecord(call) && hasStrings(call, STRINGS_OF_A_CALL);
    case "crashed":
    case "failed":
      return (
        hasStrings(message, STRINGS[type]) &&
        isTrace(trace) &&
        (place === undefined || typeof place === "string")
      );
    default:
      return hasStrings(message, STRINGS[type]);
  }
}

function isTrace(trace: unknown): boolean {
  return Array.isArray(trace) && trace.every((line) => typeof line === "string");
}

function isType(type: unknown): type is RuntimeMessage["type"] {
  return typeof type === "string" && Object.hasOwn(STRINGS, type);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function hasStrings(record: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof record[name] === "string");
}

/** How the lines of a stream are read. */
interface LineOptions {
  /** In characters. A longer line is emitted in parts: a stream without an end of line must not fill the memory. */
  readonly maxLength: number;
  /** Takes each line without its end. `complete` is false for a part of a line that is too long, or that has no end. */
  readonly onLine: (line: string, complete: boolean) => void;
}

/** Reads a stream of UTF-8 line by line. */
export function readLines(input: Readable, { maxLength, onLine }: LineOptions): void {
  let parts: string[] = [];
  let length = 0;
  const add = (text: string) => {
    parts.push(text);
    length += text.length;
  };
  const emit = (complete: boolean) => {
    const line = parts.join("");
    parts = [];
    length = 0;
    onLine(complete && line.endsWith("\r") ? line.slice(0, -1) : line, complete);
  };
  input.setEncoding("utf8");
  input.on("data", (text: string) => {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      add(text.slice(start, end));
      emit(true);
      start = end + 1;
    }
    add(text.slice(start));
    if (length > maxLength) {
      emit(false);
    }
  });
  input.on("end", () => {
    if (length > 0) {
      emit(false);
    }
  });
}
