/** The medians of two measurements. */
interface Medians {
  readonly measured: number;
  readonly baseline: number;
}

/**
 * Takes a measurement and its baseline in turn, `rounds` times each, so that whatever slows the machine down meanwhile
 * slows both. Resolves with their medians.
 */
export async function alternate(
  rounds: number,
  measure: () => Promise<number>,
  measureBaseline: () => Promise<number>,
): Promise<Medians> {
  const measured: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measure());
    baseline.push(await measureBaseline());
  }
  return { measured: median(measured), baseline: median(baseline) };
}

/** The middle one of some numbers, or the mean of the two in the middle. Throws when there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new Error("There is no median of nothing.");
  }
  return (lower + upper) / 2;
}
