import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Benchmark } from "../finding.ts";
import { alternate, median } from "../measure.ts";
import { buildRelay, relayEnvironment } from "../relay-build.ts";

/** Many, because a fresh process takes a fifth more or less from one time to the next. */
const ROUNDS = 101;
const ROUNDS_OF_OTHERS = 31;
/** Nothing listens there, and nothing is asked. */
const NOWHERE = "http://127.0.0.1:9";

/** What a cold start adds before the first event: the bundle is loaded and the SDK's clients are made. */
export const init: Benchmark = {
  name: "init",
  async measure() {
    await using bundle = await buildRelay();
    const plain = await alternate(
      ROUNDS,
      () => importTime(bundle.url),
      () => importTime("node:https"),
    );
    const mapped = await alternate(
      ROUNDS_OF_OTHERS,
      () => importTime(bundle.url, ["--enable-source-maps"]),
      () => importTime("node:https", ["--enable-source-maps"]),
    );
    const lazy: number[] = [];
    for (let round = 0; round < ROUNDS_OF_OTHERS; round += 1) {
      lazy.push(await importTime(bundle.lazyUrl, [], [bundle.url]));
    }
    return [
      {
        what: "import of the bundle / of `node:https`",
        unit: "ms",
        ...plain,
        bound: { atMost: 5 },
      },
      { what: "the same with its source map", unit: "ms", ...mapped },
      {
        what: "the table's client, with the first event that needs it",
        unit: "ms",
        measured: median(lazy),
      },
    ];
  },
};

async function importTime(
  specifier: string,
  flags: readonly string[] = [],
  before: readonly string[] = [],
): Promise<number> {
  const program = join(import.meta.dirname, "..", "programs", "import-time.mjs");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, program, specifier, ...before],
    {
      env: relayEnvironment(NOWHERE),
    },
  );
  return Number(stdout);
}
