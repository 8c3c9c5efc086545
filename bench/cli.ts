import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { BENCHMARKS, chooseBenchmarks } from "./benchmarks.ts";
import { describeFindings } from "./describe-findings.ts";
import { type BenchOptions, type Finding, isWithin } from "./finding.ts";
import { describeMachine } from "./machine.ts";

/** Where the findings of the last run are kept, for programs. */
const RESULTS = resolve(import.meta.dirname, "..", ".build", "bench.json");

const USAGE = `Usage: npm run bench -- [--minutes N] [NAME …]

Measures how fast the relay and the local gateway are, each against a baseline of the same run, and prints a table.
Without a NAME every benchmark runs, which takes a quarter of an hour on an idle machine. The exit code is 1 when a bound is broken.
--minutes is how long the benchmark history takes, 1 unless it is said.

  ${BENCHMARKS.map(({ name }) => name).join("\n  ")}

docs/performance.md says what each measures; bench/benchmarks/NAME.ts has its bound.`;

/** Runs the benchmarks that the command line names. True when every bound holds. */
async function bench(names: readonly string[], options: BenchOptions): Promise<boolean> {
  const findings = new Map<string, readonly Finding[]>();
  for (const { name, measure } of chooseBenchmarks(BENCHMARKS, names)) {
    console.error(`${name} …`);
    findings.set(name, await measure(options));
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
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" }, minutes: { type: "string" } },
  });
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  if (values.help) {
    console.log(USAGE);
  } else if (minutes !== undefined && !(minutes > 0)) {
    throw new Error("--minutes must be a number above 0.");
  } else {
    process.exitCode = (await bench(positionals, { minutes })) ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // What a failed benchmark has started would keep this process, and ends with it.
  process.exit(1);
}
