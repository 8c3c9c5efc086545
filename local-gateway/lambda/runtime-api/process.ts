import type { EnvironmentDefinition, RuntimeProgram } from "../environment-definition.ts";
import type { InvokeMessage, LoadMessage } from "../runtime/messages.ts";
import { exitReason, RuntimeProcess, type RuntimeProcessListeners } from "../runtime-process.ts";
import { whyNotExecutable } from "./executable.ts";
import { RuntimeApi } from "./runtime-api.ts";

/**
 * The process of an execution environment whose program speaks Lambda's Runtime API. The API has an address of its own,
 * which any process of this machine can call; it rejects the requests of web pages.
 */
export class RuntimeApiProcess {
  /** Resolves once the process and its children are gone, and nobody listens for it. Never rejects. */
  readonly ended: Promise<void>;
  readonly #definition: EnvironmentDefinition;
  readonly #listeners: RuntimeProcessListeners;
  #api: RuntimeApi | undefined;
  #process: RuntimeProcess | undefined;
  #listenError: Error | undefined;
  #killed = false;

  constructor(
    definition: EnvironmentDefinition,
    program: RuntimeProgram,
    listeners: RuntimeProcessListeners,
  ) {
    this.#definition = definition;
    this.#listeners = listeners;
    this.ended = this.#run(program);
  }

  /** Undefined while it does not run yet. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves once it asks for an event. */
  get idle(): Promise<void> {
    return this.#api?.idle ?? this.ended;
  }

  /** Why it ended, in Lambda's words. */
  get exitReason(): string {
    const unknown = { exitCode: null, signalCode: null, spawnError: this.#listenError };
    return this.#process?.exitReason ?? exitReason(unknown);
  }

  /** Sends an event. The program loads the function by itself: a LoadMessage has nothing for it. */
  send(message: LoadMessage | InvokeMessage): void {
    if (message.type === "invoke") {
      const { invokedFunctionArn: functionArn = "" } = this.#definition.load.context;
      this.#api?.invoke({ ...message, functionArn });
    }
  }

  /** Ends it and its children, whatever they are doing. Calling it twice is safe. */
  kill(): void {
    this.#killed = true;
    this.#process?.kill();
  }

  async #run({ file }: RuntimeProgram): Promise<void> {
    try {
      this.#api = await RuntimeApi.listen((message) => this.#listeners.onMessage(message));
    } catch (error) {
      this.#listenError = error instanceof Error ? error : new Error(String(error));
      return;
    }
    const problem = await whyNotExecutable(file);
    if (problem !== undefined) {
      this.#listeners.onLogLine(`Runtime.InvalidEntrypoint: ${problem}`);
      const error = { errorType: "Runtime.InvalidEntrypoint", errorMessage: problem, trace: [] };
      this.#listeners.onMessage({ type: "crashed", ...error });
    } else if (!this.#killed) {
      await this.#spawn(this.#api);
    }
    this.#api.close();
  }

  async #spawn({ address }: RuntimeApi): Promise<void> {
    const variables = { ...this.#definition.variables, AWS_LAMBDA_RUNTIME_API: address };
    const { onLogLine, onBroken } = this.#listeners;
    this.#process = new RuntimeProcess(
      { ...this.#definition, variables },
      { onLogLine, onBroken, onMessage: () => {} },
    );
    await this.#process.ended;
  }
}
