import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createTraceHeader } from "../api-gateway/create-trace-id.ts";
import type { EnvironmentDefinition } from "./environment-definition.ts";
import { exitReason } from "./exit-reason.ts";
import type { InvocationFailure, InvocationResult } from "./invocation-result.ts";
import { memoryFlags } from "./memory-flags.ts";
import type { InvokeMessage, LoadMessage, RuntimeMessage } from "./runtime/runtime-message.ts";
import { watchMemory } from "./watch-memory.ts";

/**
 * The largest result that Lambda gives to an invoker that waits for it, in bytes: a little more than 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_PAYLOAD_BYTES = 6_291_556;

/** How the process answers, or does not. */
type Answer =
  | Exclude<RuntimeMessage, { type: "line" | "inspected" | "late call" }>
  | { readonly type: "ended" | "late" };

type EventToRun = Pick<InvokeMessage, "requestId" | "event" | "context">;

const LATE: Answer = { type: "late" };

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
  readonly #process: ChildProcess;
  #answer: (answer: Answer) => void = () => {};
  #loaded = false;
  #alive = true;
  #stopping = false;
  #outOfMemory = false;
  #spawnError: Error | undefined;

  constructor(definition: EnvironmentDefinition) {
    const { runtime, load, variables, memorySize } = definition;
    this.definition = definition;
    this.#process = spawn(process.execPath, [...memoryFlags(memorySize), runtime], {
      cwd: load.root,
      env: variables,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.ended = this.#watch();
  }

  /** True from the moment the handler is loaded until the process is gone or about to go. */
  get usable(): boolean {
    return this.#loaded && this.#alive;
  }

  /** Loads the handler. Resolves with undefined, or with why it failed, which ends the environment. Called once, first. */
  async load(requestId: string): Promise<InvocationFailure | undefined> {
    const { load, initTimeout } = this.definition;
    const answer = await this.#ask(load, initTimeout);
    this.#loaded = answer.type === "ready";
    return this.#loaded ? undefined : await this.#fail(answer, requestId, initTimeout);
  }

  /** Runs one event, which is JSON text. Any failure but one that the handler threw ends the environment. */
  async invoke({ requestId, event, context }: EventToRun): Promise<InvocationResult> {
    const { timeout } = this.definition;
    const deadline = Date.now() + timeout;
    const answer = await this.#ask(
      { type: "invoke", requestId, traceId: createTraceHeader(), deadline, event, context },
      timeout,
    );
    if (answer.type !== "returned") {
      return await this.#fail(answer, requestId, timeout);
    }
    const length = Buffer.byteLength(answer.payload);
    return length > MAX_PAYLOAD_BYTES
      ? failed("Function.ResponseSizeTooLarge", tooLarge(length))
      : { outcome: "returned", payload: JSON.parse(answer.payload) };
  }

  /** Ends the process, whatever it is doing. Resolves once it is gone. Twice is no error. */
  async stop(): Promise<void> {
    this.#alive = false;
    this.#stopping = true;
    this.#process.kill("SIGKILL");
    await this.ended;
  }

  async #ask(message: LoadMessage | InvokeMessage, timeout: number): Promise<Answer> {
    if (!this.#alive) {
      return { type: "ended" };
    }
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answer = resolve;
    // Whoever stops at a breakpoint takes longer than any function may.
    const { inspectPort } = this.definition.load;
    const timer = inspectPort === undefined ? setTimeout(resolve, timeout, LATE) : undefined;
    const unwatch = this.#watchMemory();
    // It cannot be sent to a process that ends at this moment, but then that end is the answer.
    this.#process.send(message, () => {});
    const answer = await promise;
    clearTimeout(timer);
    unwatch();
    return answer;
  }

  #watchMemory(): () => void {
    const { pid } = this.#process;
    return pid === undefined
      ? () => {}
      : watchMemory(pid, this.definition.memorySize, () => {
          this.#outOfMemory = true;
          this.#process.kill("SIGKILL");
        });
  }

  async #fail(answer: Answer, requestId: string, timeout: number): Promise<InvocationFailure> {
    if (answer.type === "failed" || answer.type === "crashed") {
      // The log has the whole error already.
      const { errorType, errorMessage, trace } = answer;
      const place = answer.type === "crashed" ? answer.place : undefined;
      return { ...failed(errorType, errorMessage), trace, ...(place !== undefined && { place }) };
    }
    const { onLogLine } = this.definition;
    if (answer.type === "late") {
      const text = `Task timed out after ${(timeout / 1000).toFixed(2)} seconds`;
      await this.stop();
      onLogLine(`${new Date().toISOString()} ${requestId} ${text}`);
      return failed("Sandbox.Timedout", `RequestId: ${requestId} Error: ${text}`);
    }
    await this.ended;
    const { exitCode, signalCode } = this.#process;
    const reason = exitReason({ exitCode, signalCode, spawnError: this.#spawnError });
    const text = `RequestId: ${requestId} Error: Runtime exited ${reason}`;
    const errorType = this.#outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError";
    if (!this.#stopping) {
      onLogLine(`${text}\n${errorType}`);
    }
    return failed(errorType, text);
  }

  async #watch(): Promise<void> {
    const child = this.#process;
    const { onLogLine, onLateCall, onInspected, reaper } = this.definition;
    const { pid } = child;
    if (pid !== undefined) {
      reaper?.add(pid);
    }
    for (const output of [child.stdout, child.stderr]) {
      if (output !== null) {
        createInterface({ input: output }).on("line", onLogLine);
      }
    }
    child.on("message", (message: RuntimeMessage) => {
      if (message.type === "line") {
        onLogLine(message.line);
        return;
      }
      if (message.type === "late call") {
        onLateCall?.(message.call);
        return;
      }
      if (message.type === "inspected") {
        onInspected?.(message.url);
        return;
      }
      this.#answer(message);
      if (message.type === "crashed") {
        // It would end by itself, but not if the function keeps it busy.
        void this.stop();
      }
    });
    child.on("error", (error) => {
      this.#spawnError = error;
    });
    // What the process said last may be read after its exit.
    const disconnected = once(child, "disconnect");
    await Promise.all([once(child, "exit"), disconnected]).catch(() => {});
    if (pid !== undefined) {
      reaper?.remove(pid);
    }
    this.#alive = false;
    this.#answer({ type: "ended" });
  }
}

function failed(errorType: string, errorMessage: string): InvocationFailure {
  return { outcome: "failed", errorType, errorMessage };
}

function tooLarge(length: number): string {
  return `Response payload size (${length} bytes) exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
}
