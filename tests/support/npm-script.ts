import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Inbox } from "../local-gateway/support/inbox.ts";

/** Where a script runs; the tests' own folder and environment where absent. */
interface ScriptOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A script of a package.json that runs on, as a person starts it with npm; disposing kills what is left of it. */
export class NpmScript {
  readonly #name: string;
  readonly #lines = new Inbox<string>();
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  /** @param args what stands behind `npm`, for example `["run", "dev"]` */
  constructor(args: readonly string[], options: ScriptOptions = {}) {
    this.#name = `npm ${args[0]}`;
    // A process group of its own: Ctrl-C in a terminal reaches the whole group.
    this.#process = spawn("npm", args, {
      ...options,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = once(this.#process, "close").then(([code]: unknown[]) => code);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream !== null) {
        createInterface(stream).on("line", (line) => this.#lines.put(line));
      }
    }
    this.#process.on("close", (code) => this.#lines.put(`${this.#name} exited with ${code}`));
  }

  /** Resolves with the first match among the lines to come; rejects when the program ends before. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const line = await this.#lines.take();
      const match = pattern.exec(line);
      if (match !== null) {
        return match;
      }
      if (line.startsWith(`${this.#name} exited`)) {
        throw new Error(`${line} before it printed ${pattern}`);
      }
    }
  }

  /** Presses Ctrl-C, and resolves with the exit code: null where npm's shell dies of the signal it has waited out. */
  async interrupt(): Promise<unknown> {
    this.#signal("SIGINT");
    return await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal("SIGKILL");
    await this.#exited;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      process.kill(-pid, signal);
    }
  }
}

/** `npm start` of the project, with options of the local gateway. */
export class NpmStart extends NpmScript {
  constructor(...options: readonly string[]) {
    super(["start", "--", ...options]);
  }
}
