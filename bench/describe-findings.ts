import { boundedValue } from "./bounded-value.ts";
import type { Bound, Finding } from "./finding.ts";
import { isWithin } from "./is-within.ts";

const HEAD = [
  "| benchmark | what | measured | floor | ratio | bound | |",
  "|---|---|---|---|---|---|---|",
];

/** The findings of each benchmark, by its name, as the lines of a Markdown table. */
export function describeFindings(
  findings: ReadonlyMap<string, readonly Finding[]>,
): readonly string[] {
  const rows = [...findings].flatMap(([name, found]) => found.map((one) => describe(name, one)));
  return [...HEAD, ...rows];
}

function describe(name: string, finding: Finding): string {
  const { what, unit, measured, floor, bound } = finding;
  const cells = [
    name,
    what,
    `${digits(measured)} ${unit}`,
    floor === undefined ? "–" : `${digits(floor)} ${unit}`,
    floor === undefined ? "–" : boundedValue(finding).toFixed(2),
    bound === undefined ? "–" : describeBound(bound),
    bound === undefined ? "" : isWithin(finding) ? "holds" : "BROKEN",
  ];
  return `| ${cells.join(" | ")} |`;
}

function describeBound(bound: Bound): string {
  return "atMost" in bound ? `≤ ${digits(bound.atMost)}` : `≥ ${digits(bound.atLeast)}`;
}

/** Three digits of a small number, and all before the point of a large one. */
function digits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));
}
