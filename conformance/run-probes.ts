import { AssertionError } from "node:assert";
import { inspect } from "node:util";
import type { Outcome, Probe } from "./probe.ts";
import { ProbeContext } from "./probe-context.ts";
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

/** Asks a gateway one row of the catalogue. Never rejects. */
async function runProbe(probe: Probe, target: Target, skipSlow: boolean): Promise<Outcome> {
  const reason = skipped(probe, target, skipSlow);
  if (reason !== undefined) {
    return { probe, kind: "skipped", reason };
  }
  try {
    const found = await target.endpoint(probe.application ?? "probe");
    if (!found.ok) {
      return { probe, kind: "skipped", reason: found.reason };
    }
    using context = new ProbeContext(found.endpoint);
    await probe.run(context);
    return { probe, kind: "passed" };
  } catch (error) {
    return { probe, kind: "failed", ...difference(error) };
  }
}

function skipped(probe: Probe, { local }: Target, skipSlow: boolean): string | undefined {
  if (local) {
    return;
  }
  return probe.localOnly ?? (skipSlow && probe.slow ? `slow: ${probe.slow}` : undefined);
}

function difference(error: unknown): { expected?: string; seen: string } {
  // What assert.ok compares says nothing, its message does.
  if (error instanceof AssertionError && error.operator !== "==") {
    return { expected: shown(error.expected), seen: shown(error.actual) };
  }
  return { seen: shown(error) };
}

function shown(value: unknown): string {
  if (value instanceof Error) {
    return value.message.replaceAll("\n", " ");
  }
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: 300, depth: 4 });
}
