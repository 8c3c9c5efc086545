import { describeFindings } from "../../bench/describe-findings.ts";
import type { Finding } from "../../bench/finding.ts";

function lastCells(finding: Finding): readonly string[] {
  const lines = describeFindings(new Map([["relay", [finding]]]));
  const row = lines.findLast((line) => line.startsWith("|")) ?? "";
  return row.split("|").map((cell) => cell.trim());
}

describe("the table of the findings", () => {
  test("has a row with the ratio of what was measured to its baseline", () => {
    const finding = { what: "messages", unit: "/s", measured: 4000, baseline: 8000 };
    expect(lastCells({ ...finding, bound: { atLeast: 0.4 } })).toEqual([
      "",
      "relay",
      "messages",
      "4,000 /s",
      "8,000 /s",
      "0.50",
      "≥ 0.4",
      "holds",
      "",
    ]);
  });

  test("shows a broken bound", () => {
    const finding = { what: "messages", unit: "/s", measured: 3000, baseline: 8000 };
    expect(lastCells({ ...finding, bound: { atLeast: 0.4 } })).toContain("BROKEN");
    expect(lastCells({ ...finding, bound: { atMost: 0.3 } })).toContain("BROKEN");
    expect(lastCells({ ...finding, bound: { atMost: 0.375 } })).toContain("holds");
  });

  test("bounds what was measured where there is no baseline", () => {
    const finding = { what: "the bundle", unit: "KB", measured: 239.781 };
    expect(lastCells({ ...finding, bound: { atMost: 250 } })).toEqual([
      "",
      "relay",
      "the bundle",
      "240 KB",
      "–",
      "–",
      "≤ 250",
      "holds",
      "",
    ]);
    expect(lastCells({ ...finding, bound: { atMost: 239 } })).toContain("BROKEN");
  });

  test("says nothing of a bound where nothing is promised", () => {
    const cells = lastCells({ what: "the same", unit: "ms", measured: 1.2345 });
    expect(cells.slice(3)).toEqual(["1.23 ms", "–", "–", "–", "", ""]);
  });

  test("shows as many decimals as it takes to see whether a bound holds", () => {
    const atMost = (bound: number, measured: number, baseline?: number) =>
      lastCells({
        what: "x",
        unit: "KB",
        measured,
        ...(baseline && { baseline }),
        bound: { atMost: bound },
      });
    expect(atMost(250, 249.96)[3]).toBe("249.96 KB");
    expect(atMost(5, 4.9996, 1)[5]).toBe("4.9996");
    expect(atMost(250, 250)[3]).toBe("250 KB");
  });

  test("names the file in which a broken bound is defined", () => {
    const finding = { what: "messages", unit: "/s", measured: 3000, baseline: 8000 };
    const lines = describeFindings(new Map([["relay", [{ ...finding, bound: { atLeast: 0.4 } }]]]));
    expect(lines.at(-1)).toBe(
      'relay: "messages" is 0.38, its bound is ≥ 0.4. bench/benchmarks/relay.ts defines it.',
    );
  });
});
