import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { env } from "node:process";

/** A program of the benchmarks in a process of its own, which answers each command with one report. */
export interface Program<Command extends object, Report> {
  readonly pid: number;
  /** Rejects when the program ends without an answer; the program has then printed the reason. */
  ask(command: Command): Promise<Report>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** How a program is started, all of it optional. */
interface Options {
  readonly arguments?: readonly string[];
  /** Node's own. */
  readonly flags?: readonly string[];
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the program in the file `name` of `programs/`. */
export function startProgram<Command extends object, Report>(
  name: string,
  { arguments: parameters = [], flags = [], environment = {} }: Options = {},
): Program<Command, Report> {
  const child = fork(join(import.meta.dirname, "programs", name), parameters, {
    execArgv: [...flags],
    env: { ...env, ...environment },
  });
  const ended = once(child, "exit");
  return {
    pid: child.pid ?? 0,
    async ask(command) {
      const answered = once(child, "message");
      child.send(command);
      const [report] = await Promise.race([
        answered,
        ended.then(() => {
          throw new Error(`The program ${name} has ended.`);
        }),
      ]);
      return report;
    },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Makes this process, a program of the benchmarks, answer each command with the result of `answer`, and end with its parent. */
export function answerCommands<Command, Report>(
  answer: (command: Command) => Promise<Report>,
): void {
  process.on("message", async (command: Command) => {
    try {
      process.send?.(await answer(command));
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  });
  process.on("disconnect", () => process.exit());
}
