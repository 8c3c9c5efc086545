import type { Outcome } from "./outcome.ts";
import type { Probe } from "./probe.ts";
import { runProbe } from "./run-probe.ts";
import type { Target } from "./target.ts";

/** How to run probes. */
export interface RunOptions {
  /** Leave out what takes minutes on AWS. */
  readonly skipSlow: boolean;
  /** How many probes run at the same time. */
  readonly concurrency: number;
}

/** Runs probes against a gateway, several at a time. The outcomes come in the order of the probes. */
export async function runProbes(
  probes: readonly Probe[],
  target: Target,
  { skipSlow, concurrency }: RunOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = probes.entries();
  const work = async () => {
    for (const [index, probe] of waiting) {
      outcomes[index] = await runProbe(probe, target, skipSlow);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return outcomes;
}
