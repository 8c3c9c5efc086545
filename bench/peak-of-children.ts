import { setTimeout as wait } from "node:timers/promises";
import { familyMemory } from "./family-memory.ts";

/** Milliseconds between two looks. */
const INTERVAL = 100;

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
