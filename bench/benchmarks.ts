import { calls } from "./benchmarks/calls.ts";
import { fanOut } from "./benchmarks/fan-out.ts";
import { history } from "./benchmarks/history.ts";
import { idle } from "./benchmarks/idle.ts";
import { init } from "./benchmarks/init.ts";
import { invoke } from "./benchmarks/invoke.ts";
import { latency } from "./benchmarks/latency.ts";
import { memory } from "./benchmarks/memory.ts";
import { nonReaders } from "./benchmarks/non-readers.ts";
import { relay } from "./benchmarks/relay.ts";
import { scale } from "./benchmarks/scale.ts";
import { size } from "./benchmarks/size.ts";
import { start } from "./benchmarks/start.ts";
import type { Benchmark } from "./finding.ts";

/** Every benchmark, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  size,
  init,
  invoke,
  start,
  relay,
  latency,
  memory,
  idle,
  fanOut,
  scale,
  nonReaders,
  calls,
  history,
];

/** The benchmarks that `names` names, or all of them when it is empty. Throws when there is no benchmark of a name. */
export function chooseBenchmarks(
  all: readonly Benchmark[],
  names: readonly string[],
): readonly Benchmark[] {
  const unknown = names.find((name) => !all.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    throw new Error(
      `There is no benchmark ${unknown}. There are ${all.map(({ name }) => name).join(", ")}.`,
    );
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}
