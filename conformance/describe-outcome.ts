import type { Outcome } from "./outcome.ts";

/** The lines of the scoreboard about one row: one, or with what was expected and seen when it does not hold. */
export function describeOutcome(outcome: Outcome): readonly string[] {
  const { id, standing } = outcome.probe;
  switch (outcome.kind) {
    case "held":
      return [`✓ ${id} (${standing})`];
    case "skipped":
      return [`– ${id} (${standing}): ${outcome.reason}`];
    default:
      return [
        `✗ ${id} (${standing})`,
        ...(outcome.expected === undefined ? [] : [`    expected ${outcome.expected}`]),
        `    seen     ${outcome.seen}`,
      ];
  }
}
