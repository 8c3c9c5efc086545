import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ProcessMemory } from "./process-memory.ts";

/** The process `pid` and everything that it has started, with their resident memory. */
export async function familyMemory(pid: number): Promise<readonly ProcessMemory[]> {
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
