import { median } from "./median.ts";

/** The medians of two measurements. */
export interface Medians {
  readonly measured: number;
  readonly floor: number;
}

/**
 * Takes a measurement and its floor in turn, `rounds` times each, so that whatever slows the machine down meanwhile
 * slows both. Resolves with their medians.
 */
export async function alternate(
  rounds: number,
  measure: () => Promise<number>,
  measureFloor: () => Promise<number>,
): Promise<Medians> {
  const measured: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measure());
    floor.push(await measureFloor());
  }
  return { measured: median(measured), floor: median(floor) };
}
