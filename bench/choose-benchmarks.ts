import type { Benchmark } from "./benchmark.ts";

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
