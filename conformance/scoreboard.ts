import type { Confidence, Outcome } from "./probe.ts";

/** The lines of the scoreboard about one row: one, or with what was expected and seen when it fails. */
export function describeOutcome(outcome: Outcome): readonly string[] {
  const { id, confidence } = outcome.probe;
  switch (outcome.kind) {
    case "passed":
      return [`✓ ${id} (${confidence})`];
    case "skipped":
      return [`– ${id} (${confidence}): ${outcome.reason}`];
    default:
      return [
        `✗ ${id} (${confidence})`,
        ...(outcome.expected === undefined ? [] : [`    expected ${outcome.expected}`]),
        `    seen     ${outcome.seen}`,
      ];
  }
}

const CONFIDENCES: readonly Confidence[] = ["documented", "recorded", "our default"];

/** The last lines of the scoreboard: how many rows passed, failed and were skipped, by confidence and in all. */
export function describeTotals(outcomes: readonly Outcome[]): readonly string[] {
  const line = (name: string, rows: readonly Outcome[]) => {
    const count = (kind: Outcome["kind"]) => rows.filter((row) => row.kind === kind).length;
    return `${name.padEnd(12)} ${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
  };
  return [
    ...CONFIDENCES.map((confidence) =>
      line(
        confidence,
        outcomes.filter(({ probe }) => probe.confidence === confidence),
      ),
    ),
    line("all", outcomes),
  ];
}
