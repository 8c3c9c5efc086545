import type { EnvironmentDefinition } from "./environment-definition.ts";
import type { InvocationFailure, InvocationResult } from "./invocation.ts";
import { watchMemory } from "./memory.ts";
import {
  type InvokeMessage,
  type LoadMessage,
  MAX_PAYLOAD_BYTES,
  type RuntimeMessage,
} from "./runtime/messages.ts";
import { RuntimeApiProcess } from "./runtime-api/process.ts";
import { RuntimeProcess, type RuntimeProcessListeners } from "./runtime-process.ts";

/** How the process answers; `ended` and `timed out` stand for no answer. */
type Answer =
  | Exclude<RuntimeMessage, { type: "line" | "inspected" | "background call" }>
  | { readonly type: "ended" | "timed out" };

/** The process of an environment, whatever the language of its function. */
interface EnvironmentProcess
  extends Pick<RuntimeProcess, "ended" | "exitReason" | "kill" | "send"> {
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Resolves once it takes the next event; absent when it does so as soon as it has answered. */
  readonly idle?: Promise<void>;
}

function startProcess(
  definition: EnvironmentDefinition,
  listeners: RuntimeProcessListeners,
): EnvironmentProcess {
  const { program } = definition;
  return program === undefined
    ? new RuntimeProcess(definition, listeners)
    : new RuntimeApiProcess(definition, program, listeners);
}

type EventToRun = Pick<InvokeMessage, "requestId" | "traceId" | "event" | "context">;

const TIMED_OUT: Answer = { type: "timed out" };

/** Whether an environment has loaded its handler, and why not. */
export type LoadResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: InvocationFailure };

/**
 * One execution environment of a function: a process of its own, which runs one event at a time.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  /** Resolves once the process is gone, whatever ended it. */
  readonly ended: Promise<void>;
  /** What it was made from. */
  readonly definition: EnvironmentDefinition;
  readonly #process: EnvironmentProcess;
  #answer: (answer: Answer) => void = () => {};
  #loaded = false;
  #alive = true;
  #busy = false;
  #stopping = false;
  #outOfMemory = false;
  /** When the event that runs, or ran last, times out, in milliseconds since 1970. */
  #deadline = 0;
  /** Of the event that runs, or ran last; while the handler is loaded, of the one that waits for it. */
  #requestId: string | undefined;

  constructor(definition: EnvironmentDefinition) {
    this.definition = definition;
    this.#process = startProcess(definition, {
      onMessage: (message) => this.#receive(message),
      onLogLine: (line) => this.#log(line),
      onBroken: () => this.#onBroken(),
    });
    this.ended = this.#process.ended.then(() => {
      this.#alive = false;
      this.#answer({ type: "ended" });
    });
  }

  /** True once the handler is loaded, as long as the process is not ending. */
  get usable(): boolean {
    return this.#loaded && this.#alive;
  }

  /** Loads the handler. A failure ends the environment. To be called once, before `invoke`. */
  async load(requestId: string): Promise<LoadResult> {
    const { load, initTimeout } = this.definition;
    this.#requestId = requestId;
    const answer = await this.#ask(load, initTimeout);
    this.#loaded = answer.type === "ready";
    return this.#loaded
      ? { ok: true }
      : { ok: false, failure: await this.#fail(answer, requestId, initTimeout) };
  }

  /** Runs one event, which is JSON text. Any failure other than an error of the handler ends the environment. */
  async invoke({ requestId, traceId, event, context }: EventToRun): Promise<InvocationResult> {
    const { timeout } = this.definition;
    this.#requestId = requestId;
    const deadline = Date.now() + timeout;
    this.#deadline = deadline;
    const answer = await this.#ask(
      { type: "invoke", requestId, traceId, deadline, event, context },
      timeout,
    );
    if (answer.type === "too large") {
      return failed("Function.ResponseSizeTooLarge", tooLarge(answer.size));
    }
    if (answer.type !== "returned") {
      return await this.#fail(answer, requestId, timeout);
    }
    return returned(answer.payload);
  }

  /**
   * Resolves once the next event may come, or the process has ended. A runtime that has answered, but does not ask for the
   * next event before the timeout of the last one, is ended.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-invoke
   */
  async idle(): Promise<void> {
    const { idle } = this.#process;
    if (idle === undefined || !this.#alive) {
      return;
    }
    const timer = setTimeout(() => void this.stop(), Math.max(0, this.#deadline - Date.now()));
    await Promise.race([idle, this.ended]);
    clearTimeout(timer);
  }

  /** Ends the process, whatever it is doing. Resolves once it is gone. Calling it twice is safe. */
  async stop(): Promise<void> {
    this.#alive = false;
    this.#stopping = true;
    this.#process.kill();
    await this.ended;
  }

  async #ask(message: LoadMessage | InvokeMessage, timeout: number): Promise<Answer> {
    if (!this.#alive) {
      return { type: "ended" };
    }
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answer = resolve;
    // A developer at a breakpoint takes longer than any function may.
    const { inspectPort } = this.definition.load;
    const timer = inspectPort === undefined ? setTimeout(resolve, timeout, TIMED_OUT) : undefined;
    const unwatch = this.#watchMemory();
    this.#busy = true;
    this.#process.send(message);
    const answer = await promise;
    clearTimeout(timer);
    unwatch();
    return answer;
  }

  #watchMemory(): () => void {
    const { memorySize, program } = this.definition;
    return watchMemory({
      pid: () => this.#process.pid,
      limit: memorySize,
      // V8 limits itself where the system has nothing to read.
      portable: program !== undefined,
      onExceeded: () => {
        this.#outOfMemory = true;
        this.#process.kill();
      },
    });
  }

  async #fail(answer: Answer, requestId: string, timeout: number): Promise<InvocationFailure> {
    if (answer.type === "failed" || answer.type === "crashed") {
      // The log has the whole error already.
      const { errorType, errorMessage, trace, payload } = answer;
      const place = answer.type === "crashed" ? answer.place : undefined;
      return {
        ...failed(errorType, errorMessage),
        trace,
        ...(place !== undefined && { place }),
        ...(payload !== undefined && { payload }),
      };
    }
    if (answer.type === "timed out") {
      const text = `Task timed out after ${(timeout / 1000).toFixed(2)} seconds`;
      await this.stop();
      this.#log(`${new Date().toISOString()} ${requestId} ${text}`);
      return failed("Sandbox.Timedout", `RequestId: ${requestId} Error: ${text}`);
    }
    await this.ended;
    const text = `RequestId: ${requestId} Error: Runtime exited ${this.#process.exitReason}`;
    const errorType = this.#outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError";
    if (!this.#stopping) {
      this.#log(`${text}\n${errorType}`);
    }
    return failed(errorType, text);
  }

  #receive(message: RuntimeMessage): void {
    const { onBackgroundCall, onInspected } = this.definition;
    switch (message.type) {
      case "line":
        this.#log(message.line);
        break;
      case "background call":
        onBackgroundCall?.(message.call);
        break;
      case "inspected":
        onInspected?.(message.url);
        break;
      default:
        this.#busy = false;
        this.#answer(message);
        if (message.type === "crashed") {
          // It would end by itself, but not if the function keeps it busy.
          void this.stop();
        }
    }
  }

  #onBroken(): void {
    this.#alive = false;
    if (!this.#busy && !this.#stopping) {
      // No invocation fails, so nothing else reports it.
      this.#log(`Error: Runtime exited ${this.#process.exitReason}`);
    }
  }

  #log(line: string): void {
    this.definition.onLogLine(line, this.#requestId);
  }
}

function returned(payload: string): InvocationResult {
  try {
    return { outcome: "returned", payload: JSON.parse(payload) };
  } catch {
    // The function has replaced JSON.stringify, or its own runtime has posted something else.
    return failed("Runtime.MarshalError", "The result is not JSON");
  }
}

function failed(errorType: string, errorMessage: string): InvocationFailure {
  return { outcome: "failed", errorType, errorMessage };
}

function tooLarge(size: number): string {
  return `Response payload size (${size} bytes) exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
}
