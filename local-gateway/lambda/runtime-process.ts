import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Socket } from "node:net";
import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";
import { killProcessTree } from "./child-processes.ts";
import type { EnvironmentDefinition } from "./environment-definition.ts";
import {
  type InvokeMessage,
  type LoadMessage,
  MAX_LOG_LINE_LENGTH,
  MAX_PAYLOAD_BYTES,
  parseRuntimeMessage,
  type RuntimeMessage,
  readLines,
} from "./runtime/messages.ts";

/** Receives the messages and the output of a process. */
export interface RuntimeProcessListeners {
  readonly onMessage: (message: RuntimeMessage) => void;
  /** Receives what it writes to its standard output and error, line by line. */
  readonly onLogLine: (line: string) => void;
  /** The function has corrupted the channel, so the process is being killed; `exitReason` has the reason. */
  readonly onBroken: () => void;
}

/** The channel's descriptor in the process. It is not Node's own ipc channel, whose reader throws on corrupt input. */
const CHANNEL = 3;

/** More than the largest result or error needs with its escapes, in characters. */
const MAX_MESSAGE_LENGTH = 4 * MAX_PAYLOAD_BYTES;

/** How long the last output of a process may take to arrive after its exit, in milliseconds. */
const DRAIN_TIMEOUT = 1_000;

/**
 * The process of an execution environment. It leads a process group of its own, and every process that the function
 * started ends with it.
 */
export class RuntimeProcess {
  /** Resolves once the process and its children are gone, and all of its output has been read. Never rejects. */
  readonly ended: Promise<void>;
  readonly pid: number | undefined;
  readonly #listeners: RuntimeProcessListeners;
  readonly #child: ChildProcess | undefined;
  readonly #channel: Socket | undefined;
  /** Begins each message of the runtime; bytes that the function itself writes to the channel do not have it. */
  readonly #token = randomBytes(16).toString("base64url");
  #broken: string | undefined;
  #spawnError: Error | undefined;

  constructor(definition: EnvironmentDefinition, listeners: RuntimeProcessListeners) {
    this.#listeners = listeners;
    try {
      this.#child = spawnRuntime(definition);
    } catch (error) {
      // Some system errors are thrown, others are emitted.
      this.#spawnError = error instanceof Error ? error : new Error(String(error));
    }
    this.#child?.on("error", (error) => {
      this.#spawnError = error;
    });
    // Without file descriptors there are no streams. A process that has ended does not read its messages.
    for (const stream of this.#child?.stdio ?? []) {
      stream?.on("error", () => {});
    }
    this.pid = this.#child?.pid;
    const channel = this.#child?.stdio?.[CHANNEL];
    this.#channel = channel instanceof Socket ? channel : undefined;
    this.ended = this.#watch(definition);
  }

  /** Why it ended, in Lambda's words, for example `with error: signal: killed`. */
  get exitReason(): string {
    const { exitCode = null, signalCode = null } = this.#child ?? {};
    return this.#broken === undefined
      ? exitReason({ exitCode, signalCode, spawnError: this.#spawnError })
      : `with error: ${this.#broken}`;
  }

  /** Sends a message. One that the process can no longer receive is lost: then its end is the answer. */
  send(message: LoadMessage | InvokeMessage): void {
    const sent = message.type === "load" ? { ...message, token: this.#token } : message;
    this.#channel?.write(`${JSON.stringify(sent)}\n`);
  }

  /** Ends it and its children, whatever they are doing. Calling it twice is safe. */
  kill(): void {
    if (this.pid !== undefined && this.#runs) {
      killProcessTree(this.pid);
    }
  }

  async #watch({ cleanup }: EnvironmentDefinition): Promise<void> {
    const child = this.#child;
    const { pid } = this;
    if (child === undefined || pid === undefined) {
      // When it did not start, the event with the reason is still to come.
      await (child && once(child, "error"));
      return;
    }
    cleanup?.add(pid);
    this.#listen(child);
    const closed = once(child, "close");
    await once(child, "exit");
    killProcessTree(pid);
    cleanup?.remove(pid);
    await Promise.race([closed, elapsed(DRAIN_TIMEOUT)]);
    // A process that has left the group may keep them open.
    for (const stream of child.stdio) {
      stream?.destroy();
    }
  }

  #listen({ stdout, stderr }: ChildProcess): void {
    const { onLogLine } = this.#listeners;
    for (const output of [stdout, stderr]) {
      if (output !== null) {
        readLines(output, { maxLength: MAX_LOG_LINE_LENGTH, onLine: onLogLine });
      }
    }
    const channel = this.#channel;
    if (channel === undefined) {
      return;
    }
    const onLine = (line: string, complete: boolean) => this.#read(line, complete);
    readLines(channel, { maxLength: MAX_MESSAGE_LENGTH, onLine });
    channel.once("end", async () => {
      await Promise.race([this.ended, elapsed(DRAIN_TIMEOUT)]);
      this.#breakOff("closed");
    });
  }

  #read(line: string, complete: boolean): void {
    if (this.#broken !== undefined) {
      return;
    }
    const message = complete ? parseRuntimeMessage(line, this.#token) : undefined;
    if (message !== undefined) {
      this.#listeners.onMessage(message);
    } else if (complete || line.length > MAX_MESSAGE_LENGTH) {
      this.#breakOff("wrote to");
    }
  }

  #breakOff(action: "closed" | "wrote to"): void {
    if (this.#broken === undefined && this.#runs) {
      this.#broken = `the function ${action} a file descriptor that is not its own`;
      this.kill();
      this.#listeners.onBroken();
    }
  }

  get #runs(): boolean {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }
}

function spawnRuntime({
  runtime,
  program,
  load,
  variables,
  memorySize,
}: EnvironmentDefinition): ChildProcess {
  const { file, args } = program ?? {
    file: process.execPath,
    args: [...memoryFlags(memorySize), runtime],
  };
  return spawn(file, args, {
    cwd: load.root,
    env: variables,
    // Without a channel for a program that speaks Lambda's Runtime API.
    stdio: ["ignore", "pipe", "pipe", ...(program === undefined ? ["pipe" as const] : [])],
    // On Windows it would have a window of its own.
    detached: process.platform !== "win32",
  });
}

/** The most memory for new objects, in megabytes. V8 uses three times as much, and a laptop runs many environments. */
const MAX_SEMI_SPACE = 8;

/**
 * The options with which Lambda's runtime divides a function's memory, in megabytes, for V8: nine tenths for
 * long-lived objects, a twentieth for new ones. The latter decides how often V8 collects garbage, but not when a
 * function is out of memory.
 */
function memoryFlags(memorySize: number): string[] {
  const share = (percent: number) => Math.max(1, Math.floor((memorySize * percent) / 100));
  return [
    `--max-semi-space-size=${Math.min(share(5), MAX_SEMI_SPACE)}`,
    `--max-old-space-size=${share(90)}`,
  ];
}

async function elapsed(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds, undefined, { ref: false });
}

/** What Lambda calls the signals that end a process; it takes the names from Linux. */
const SIGNAL_NAMES: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGHUP: "hangup",
  SIGILL: "illegal instruction",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGQUIT: "quit",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

/** @see https://man7.org/linux/man-pages/man3/errno.3.html */
const OUT_OF_DESCRIPTORS = new Set(["EMFILE", "ENFILE"]);
const LIMIT = "too many open files: no process can be started (see ulimit -n)";

/** How a process ended. */
interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
  /** Why it did not start. */
  readonly spawnError: Error | undefined;
}

/** Describes in Lambda's words why a runtime exited, for example `with error: signal: killed`. */
export function exitReason({ exitCode, signalCode, spawnError }: ProcessEnd): string {
  if (spawnError !== undefined) {
    const code = "code" in spawnError ? String(spawnError.code) : "";
    return `with error: ${OUT_OF_DESCRIPTORS.has(code) ? LIMIT : spawnError.message}`;
  }
  if (signalCode !== null) {
    const name = SIGNAL_NAMES[signalCode] ?? `signal ${constants.signals[signalCode]}`;
    return `with error: signal: ${name}`;
  }
  return exitCode === 0 ? "without providing a reason" : `with error: exit status ${exitCode}`;
}
