import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

/** One process of this machine. */
interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  /** Its resident memory, in megabytes. */
  readonly resident: number;
}

/** Milliseconds between two samples. */
const INTERVAL = 100;

/** The memory of this process in megabytes, garbage collected first where that is possible. */
export function memory(): { readonly resident: number; readonly heap: number } {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: inMegabytes(rss), heap: inMegabytes(heapUsed) };
}

/** The resident memory of the process `pid` and of everything that it has started, together and in megabytes. */
export async function residentMemory(pid: number): Promise<number> {
  return (await familyMemory(pid)).reduce((sum, { resident }) => sum + resident, 0);
}

/** The most resident memory that any one process started by `pid` has while `work` is done, in megabytes. */
export async function peakOfChildren(pid: number, work: () => Promise<unknown>): Promise<number> {
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  let peak = 0;
  do {
    const children = (await familyMemory(pid)).filter((one) => one.pid !== pid);
    peak = Math.max(peak, ...children.map(({ resident }) => resident));
    await wait(INTERVAL);
  } while (!done);
  await working;
  return peak;
}

/** The process `pid` and everything that it has started, with their resident memory. */
async function familyMemory(pid: number): Promise<readonly ProcessMemory[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  const processes = stdout.trim().split("\n").map(parseLine);
  const family = new Set([pid]);
  // A child may stand before its parent in the list.
  for (let known = 0; known < family.size; ) {
    known = family.size;
    for (const child of processes.filter(({ parent }) => family.has(parent))) {
      family.add(child.pid);
    }
  }
  return processes.filter((one) => family.has(one.pid));
}

function parseLine(line: string): ProcessMemory {
  const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
  return { pid, parent, resident: kilobytes / 1024 };
}

function inMegabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
