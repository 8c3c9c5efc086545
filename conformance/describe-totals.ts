import type { Outcome } from "./outcome.ts";
import type { Standing } from "./standing.ts";

const STANDINGS: readonly Standing[] = ["documented", "recorded", "our default"];

/** The last lines of the scoreboard: how many rows hold, fail and were skipped, by standing and in all. */
export function describeTotals(outcomes: readonly Outcome[]): readonly string[] {
  const line = (name: string, rows: readonly Outcome[]) => {
    const count = (kind: Outcome["kind"]) => rows.filter((row) => row.kind === kind).length;
    return `${name.padEnd(12)} ${count("held")} hold, ${count("failed")} fail, ${count("skipped")} skipped`;
  };
  return [
    ...STANDINGS.map((standing) =>
      line(
        standing,
        outcomes.filter(({ probe }) => probe.standing === standing),
      ),
    ),
    line("all", outcomes),
  ];
}
