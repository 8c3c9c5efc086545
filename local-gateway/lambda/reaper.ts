import { type ChildProcess, spawn } from "node:child_process";

/**
 * Reads lines `+ pid` and `- pid`, and kills the groups that are left of them when nobody writes any more. A shell does it because it
 * starts at once and takes little memory.
 */
const SCRIPT = `
pids=" "
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -KILL "-$pid"; done
`;

/**
 * Ends the processes that the gateway leaves behind when it is killed. Most end by themselves, but neither one that is
 * stopped at a breakpoint nor one that never comes to rest. Where there is no shell nothing is reaped.
 */
export class Reaper {
  readonly #shell: ChildProcess;

  constructor() {
    // A group of its own: Ctrl-C in a terminal must not end it before the others.
    this.#shell = spawn("/bin/sh", ["-c", SCRIPT], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  /** From now on this process, which leads a group, and what else is in the group end with the gateway. */
  add(pid: number): void {
    this.#shell.stdin?.write(`+ ${pid}\n`);
  }

  /** The process has ended; its id may soon be another's. */
  remove(pid: number): void {
    this.#shell.stdin?.write(`- ${pid}\n`);
  }

  /** To be called when no process is left. Twice is no error. */
  close(): void {
    this.#shell.stdin?.end();
  }
}
