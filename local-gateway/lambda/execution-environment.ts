import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { InvocationResult } from "./invocation-result.ts";
import type { InvokeMessage, LoadMessage, RuntimeMessage } from "./runtime/runtime-message.ts";

/**
 * The largest result that Lambda gives to an invoker that waits for it, in bytes: a little more than 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_PAYLOAD_BYTES = 6_291_556;

/** A function as one execution environment runs it. */
export interface EnvironmentDefinition {
  /** The path of the program that a process runs. */
  readonly runtime: string;
  readonly load: LoadMessage;
  /** Every environment variable that the process has. */
  readonly variables: Readonly<Record<string, string>>;
  /** In megabytes. */
  readonly memorySize: number;
  /** How long the handler may take to load, in milliseconds. */
  readonly initTimeout: number;
  /** How long one event may take, in milliseconds. */
  readonly timeout: number;
  readonly onLogLine: (line: string) => void;
}

type Failure = Extract<InvocationResult, { outcome: "failed" }>;

/** How the process answers, or does not. */
type Answer = Exclude<RuntimeMessage, { type: "line" }> | { readonly type: "ended" | "late" };

/**
 * One execution environment of a function: a process of its own, which runs one event at a time.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  /** Resolves once the process is gone, whatever ended it. */
  readonly ended: Promise<void>;
  readonly #definition: EnvironmentDefinition;
  readonly #process: ChildProcess;
  #answer: (answer: Answer) => void = () => {};
  #loaded = false;
  #alive = true;
  #stopping = false;
  #spawnError: Error | undefined;

  constructor(definition: EnvironmentDefinition) {
    const { runtime, load, variables, memorySize } = definition;
    this.#definition = definition;
    this.#process = spawn(process.execPath, [`--max-old-space-size=${memorySize}`, runtime], {
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
  async load(requestId: string): Promise<Failure | undefined> {
    const { load, initTimeout } = this.#definition;
    const answer = await this.#ask(load, initTimeout);
    this.#loaded = answer.type === "ready";
    return this.#loaded ? undefined : await this.#fail(answer, requestId, initTimeout);
  }

  /** Runs one event, which is JSON text. Any failure but one that the handler threw ends the environment. */
  async invoke(requestId: string, event: string): Promise<InvocationResult> {
    const { timeout } = this.#definition;
    const deadline = Date.now() + timeout;
    const answer = await this.#ask({ type: "invoke", requestId, deadline, event }, timeout);
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
    const timer = setTimeout(resolve, timeout, { type: "late" });
    // It cannot be sent to a process that ends at this moment, but then that end is the answer.
    this.#process.send(message, () => {});
    const answer = await promise;
    clearTimeout(timer);
    return answer;
  }

  async #fail(answer: Answer, requestId: string, timeout: number): Promise<Failure> {
    if (answer.type === "failed" || answer.type === "crashed") {
      // The log has the whole error already.
      return failed(answer.errorType, answer.errorMessage);
    }
    const { onLogLine } = this.#definition;
    if (answer.type === "late") {
      const text = `Task timed out after ${(timeout / 1000).toFixed(2)} seconds`;
      await this.stop();
      onLogLine(`${new Date().toISOString()} ${requestId} ${text}`);
      return failed("Sandbox.Timedout", `RequestId: ${requestId} Error: ${text}`);
    }
    await this.ended;
    const text = `RequestId: ${requestId} Error: Runtime exited ${this.#exitReason()}`;
    if (!this.#stopping) {
      onLogLine(`${text}\nRuntime.ExitError`);
    }
    return failed("Runtime.ExitError", text);
  }

  #exitReason(): string {
    const { exitCode, signalCode } = this.#process;
    if (this.#spawnError !== undefined) {
      return `with error: ${this.#spawnError.message}`;
    }
    if (signalCode !== null) {
      return `with error: signal: ${signalCode}`;
    }
    return exitCode === 0 ? "without providing a reason" : `with error: exit status ${exitCode}`;
  }

  async #watch(): Promise<void> {
    const child = this.#process;
    const { onLogLine } = this.#definition;
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
    this.#alive = false;
    this.#answer({ type: "ended" });
  }
}

function failed(errorType: string, errorMessage: string): Failure {
  return { outcome: "failed", errorType, errorMessage };
}

function tooLarge(length: number): string {
  return `Response payload size (${length} bytes) exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
}
