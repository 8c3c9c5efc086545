import { readFileSync } from "node:fs";

/** How often the memory of a process is looked at, in milliseconds. */
const INTERVAL = 100;

/**
 * Calls `onExceeded` when a process has more than `limit` megabytes of its own; the program file and the libraries do
 * not count. Returns the function that stops watching. Only Linux tells: elsewhere V8's own limit has to do.
 */
export function watchMemory(pid: number, limit: number, onExceeded: () => void): () => void {
  if (process.platform !== "linux") {
    return () => {};
  }
  const timer = setInterval(() => {
    if (ownMemory(pid) > limit) {
      onExceeded();
    }
  }, INTERVAL);
  return () => clearInterval(timer);
}

/** In megabytes; 0 when the process is gone. */
function ownMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
