import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { descendantsOf } from "./child-processes.ts";

/** What is watched. */
interface MemoryWatch {
  /** The process, with its children; undefined while there is none. */
  readonly pid: () => number | undefined;
  /** In megabytes. */
  readonly limit: number;
  /** Watch on every system; otherwise on Linux alone. */
  readonly portable: boolean;
  /** Called again and again as long as they have more. */
  readonly onExceeded: () => void;
}

/** How often the memory is measured, in milliseconds. */
const INTERVAL = 100;

/** The same where a program has to be started for it. */
const PORTABLE_INTERVAL = 1_000;

/**
 * Calls `onExceeded` when a process and its children have more than `limit` megabytes. On Linux their own memory counts,
 * without program files and libraries; elsewhere what `ps` says of the process itself. Returns the function that stops
 * watching.
 */
export function watchMemory({ pid, limit, portable, onExceeded }: MemoryWatch): () => void {
  const isLinux = process.platform === "linux";
  if (!isLinux && !(portable && process.platform !== "win32")) {
    return () => {};
  }
  const check = async () => {
    const id = pid();
    const used = id === undefined ? 0 : isLinux ? ownMemory(id) : await residentMemory(id);
    if (used > limit && id === pid()) {
      onExceeded();
    }
  };
  const timer = setInterval(() => void check(), isLinux ? INTERVAL : PORTABLE_INTERVAL);
  return () => clearInterval(timer);
}

/**
 * In megabytes. Forked processes share memory, and each counts with its share of it.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
 */
function ownMemory(pid: number): number {
  const children = descendantsOf(pid);
  return children.length === 0
    ? readMemory(pid, "status", /^RssAnon:\s+(\d+) kB$/m)
    : [pid, ...children]
        .map((id) => readMemory(id, "smaps_rollup", /^Pss_Anon:\s+(\d+) kB$/m))
        .reduce((sum, megabytes) => sum + megabytes, 0);
}

/** In megabytes; 0 when the process is gone. */
function readMemory(pid: number, file: string, line: RegExp): number {
  try {
    return Number(line.exec(readFileSync(`/proc/${pid}/${file}`, "latin1"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** In megabytes; 0 when the process is gone, or there is no `ps`. */
function residentMemory(pid: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, output) =>
    resolve(error === null ? Number(output) / 1024 : 0),
  );
  return promise;
}
