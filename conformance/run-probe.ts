import { AssertionError } from "node:assert";
import { inspect } from "node:util";
import type { Outcome } from "./outcome.ts";
import type { Probe } from "./probe.ts";
import { ProbeContext } from "./probe-context.ts";
import type { Target } from "./target.ts";

/** Asks a gateway one row of the catalogue. Never rejects. */
export async function runProbe(probe: Probe, target: Target, skipSlow: boolean): Promise<Outcome> {
  const reason = skipped(probe, target, skipSlow);
  if (reason !== undefined) {
    return { probe, kind: "skipped", reason };
  }
  try {
    const endpoint = await target.endpoint(probe.application ?? "probe");
    if (typeof endpoint === "string") {
      return { probe, kind: "skipped", reason: endpoint };
    }
    using context = new ProbeContext(endpoint);
    await probe.run(context);
    return { probe, kind: "held" };
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
