import { familyMemory } from "./family-memory.ts";

/** The resident memory of the process `pid` and of everything that it has started, together and in megabytes. */
export async function residentMemory(pid: number): Promise<number> {
  return (await familyMemory(pid)).reduce((sum, { resident }) => sum + resident, 0);
}
