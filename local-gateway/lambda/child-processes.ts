import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Reads lines `+ pid` and `- pid`, and kills the remaining groups at the end of its input. It is a shell because that
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
 * Ends the processes that the gateway leaves behind when it is killed. Most end by themselves; one that is stopped at a
 * breakpoint or in an endless loop does not. Without a shell nothing is cleaned up.
 */
export class ChildProcessCleanup {
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

  /** From now on this process, which leads a group, and the rest of the group end with the gateway. */
  add(pid: number): void {
    this.#shell.stdin?.write(`+ ${pid}\n`);
  }

  /** The process has ended; another process may soon have its id. */
  remove(pid: number): void {
    this.#shell.stdin?.write(`- ${pid}\n`);
  }

  /** To be called when no process is left. Calling it twice is safe. */
  close(): void {
    this.#shell.stdin?.end();
  }
}

/** How long what builds a function may run: as long as the gateway. */
export interface BuildLifetime {
  readonly cleanup: Pick<ChildProcessCleanup, "add" | "remove">;
  /** Aborted when the gateway needs the build no longer. */
  readonly signal: AbortSignal;
}

/**
 * Ends a process, which leads a group of its own, and what it has started at the end of this lifetime. Returns what is to be
 * called when the process has ended by itself.
 */
export function endWith({ cleanup, signal }: BuildLifetime, pid: number): () => void {
  const kill = () => killProcessTree(pid);
  cleanup.add(pid);
  signal.addEventListener("abort", kill);
  return () => {
    signal.removeEventListener("abort", kill);
    cleanup.remove(pid);
  };
}

/**
 * Kills a process that leads a group of its own, and what it has started: its group, and on Linux also those of its
 * descendants that have left the group, as detached ones do. The descendants of a process that has ended already are
 * known by its group alone. A process that is gone is ignored.
 */
export function killProcessTree(pid: number): void {
  const descendants = descendantsOf(pid);
  kill(process.platform === "win32" ? pid : -pid);
  for (const descendant of descendants) {
    kill(descendant);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended, or the id belongs to another user's process now.
  }
}

/** The children of a process, their children and so on; none on systems without /proc. */
export function descendantsOf(pid: number): readonly number[] {
  const found = new Set<number>();
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const child of childrenOf(next)) {
      if (!found.has(child)) {
        found.add(child);
        waiting.push(child);
      }
    }
  }
  return [...found];
}

/** @see https://man7.org/linux/man-pages/man5/proc_tid_children.5.html */
function childrenOf(pid: number): readonly number[] {
  if (process.platform !== "linux") {
    return [];
  }
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1")
        .split(" ")
        .filter((child) => child !== "")
        .map(Number),
    );
  } catch {
    return [];
  }
}
