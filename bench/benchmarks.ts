import type { Benchmark } from "./benchmark.ts";
import { calls } from "./benchmarks/calls.ts";
import { fanOut } from "./benchmarks/fan-out.ts";
import { idle } from "./benchmarks/idle.ts";
import { init } from "./benchmarks/init.ts";
import { invoke } from "./benchmarks/invoke.ts";
import { latency } from "./benchmarks/latency.ts";
import { memory } from "./benchmarks/memory.ts";
import { nonReaders } from "./benchmarks/non-readers.ts";
import { relay } from "./benchmarks/relay.ts";
import { size } from "./benchmarks/size.ts";
import { start } from "./benchmarks/start.ts";

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
  nonReaders,
  calls,
];
