import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BENCHMARKS, chooseBenchmarks } from "./benchmarks.ts";
import { describeFindings } from "./describe-findings.ts";
import { type Finding, isWithin } from "./finding.ts";
import { describeMachine } from "./machine.ts";

/** Where the findings of the last run are kept, for programs. */
const RESULTS = resolve(import.meta.dirname, "..", ".build", "bench.json");

const USAGE = `Usage: npm run bench -- [NAME …]

Measures how fast the relay and the local gateway are, each against a baseline of the same run, and prints a table.
Without a NAME every benchmark runs, which takes some minutes on an idle machine. The exit code is 1 when a bound is broken.

  ${BENCHMARKS.map(({ name }) => name).join("\n  ")}

docs/performance.md says what each measures; bench/benchmarks/NAME.ts has its bound.`;

/** Runs the benchmarks that the command line names. True when every bound holds. */
async function bench(): Promise<boolean> {
  const findings = new Map<string, readonly Finding[]>();
  for (const { name, measure } of chooseBenchmarks(BENCHMARKS, process.argv.slice(2))) {
    console.error(`${name} …`);
    findings.set(name, await measure());
  }
  const machine = describeMachine();
  console.log([machine, "", ...describeFindings(findings)].join("\n"));
  await mkdir(dirname(RESULTS), { recursive: true });
  await writeFile(
    RESULTS,
    JSON.stringify({ machine, findings: Object.fromEntries(findings) }, undefined, 2),
  );
  return [...findings.values()].flat().every(isWithin);
}

try {
  if (process.argv.includes("--help") || process.argv.includes("-h")) {
    console.log(USAGE);
  } else {
    process.exitCode = (await bench()) ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // What a failed benchmark has started would keep this process, and ends with it.
  process.exit(1);
}
