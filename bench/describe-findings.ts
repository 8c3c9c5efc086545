import { type Bound, boundedValue, type Finding, isWithin } from "./finding.ts";

const HEAD = [
  "| benchmark | what | measured | baseline | ratio | bound | |",
  "|---|---|---|---|---|---|---|",
];

/** Decimals of a ratio, and the most that are shown to tell a value from its bound. */
const DECIMALS = 2;
const MOST_DECIMALS = 6;

/**
 * The findings of each benchmark, by its name, as the lines of a Markdown table; and below it a line for each bound that
 * is broken, which names the file where the bound is defined.
 */
export function describeFindings(
  findings: ReadonlyMap<string, readonly Finding[]>,
): readonly string[] {
  const rows = [...findings].flatMap(([name, found]) => found.map((one) => describe(name, one)));
  const broken = [...findings].flatMap(([name, found]) =>
    found.filter((one) => !isWithin(one)).map((one) => describeBroken(name, one)),
  );
  return [...HEAD, ...rows, ...(broken.length > 0 ? ["", ...broken] : [])];
}

function describe(name: string, finding: Finding): string {
  const { what, unit, measured, baseline, bound } = finding;
  const cells = [
    name,
    what,
    `${baseline === undefined ? shown(finding) : digits(measured)} ${unit}`,
    baseline === undefined ? "–" : `${digits(baseline)} ${unit}`,
    baseline === undefined ? "–" : shown(finding),
    bound === undefined ? "–" : describeBound(bound),
    bound === undefined ? "" : isWithin(finding) ? "holds" : "BROKEN",
  ];
  return `| ${cells.join(" | ")} |`;
}

function describeBroken(name: string, finding: Finding): string {
  const { what, bound } = finding;
  return `${name}: "${what}" is ${shown(finding)}, its bound is ${bound && describeBound(bound)}. bench/benchmarks/${name}.ts defines it.`;
}

function describeBound(bound: Bound): string {
  return "atMost" in bound ? `≤ ${digits(bound.atMost)}` : `≥ ${digits(bound.atLeast)}`;
}

/** The value that is bounded, with as many decimals as it takes to see on which side of the bound it is. */
function shown(finding: Finding): string {
  const { baseline, bound } = finding;
  const value = boundedValue(finding);
  const usual = baseline === undefined ? digits(value) : value.toFixed(DECIMALS);
  if (bound === undefined) {
    return usual;
  }
  const limit = "atMost" in bound ? bound.atMost : bound.atLeast;
  if (value === limit || Number(usual.replaceAll(",", "")) !== limit) {
    return usual;
  }
  for (let decimals = 1; decimals < MOST_DECIMALS; decimals += 1) {
    const text = value.toFixed(decimals);
    if (Number(text) !== limit) {
      return text;
    }
  }
  return value.toFixed(MOST_DECIMALS);
}

/** Three digits of a small number, and all before the point of a large one. */
function digits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));
}
