import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Inbox } from "./inbox.ts";

const CLI = fileURLToPath(new URL("../../../local-gateway/cli.ts", import.meta.url));

/** Runs the local gateway's command in a process of its own; disposing ends it. */
export function runCli(...args: string[]) {
  return run(process.execPath, [CLI, ...args]);
}

/** The same with at most so many file descriptors. */
export function runCliWithDescriptors(limit: number, ...args: string[]) {
  const script = `ulimit -n ${limit}; exec "$0" "$@"`;
  return run("/bin/sh", ["-c", script, process.execPath, CLI, ...args]);
}

/** The same with another PATH, which may have no programs. */
export function runCliWithPath(path: string, ...args: string[]) {
  return run("/usr/bin/env", [`PATH=${path}`, process.execPath, CLI, ...args]);
}

function run(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = new Inbox<string>();
  createInterface(child.stdout).on("line", (line) => lines.put(line));
  const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  return {
    /** Standard output, line by line. */
    lines,
    /** All of standard error, once the process has ended. */
    errors: text(child.stderr),
    exited,
    /** Breaks off the reading of its standard output. */
    stopReading: () => child.stdout.destroy(),
    signal: (name: NodeJS.Signals) => child.kill(name),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
