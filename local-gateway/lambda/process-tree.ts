import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills a process that leads a group of its own, and what it has started: its group, and on Linux also those of its
 * descendants that have left the group, as detached ones do. The descendants of a process that has ended already are
 * known by its group alone. That a process has gone is no error.
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
    // It has ended, or has become somebody else's.
  }
}

/** The children of a process, their children and so on; none where the system does not say. */
function descendantsOf(pid: number): readonly number[] {
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
