import type { Benchmark } from "../benchmark.ts";
import { buildRelay } from "../build-relay.ts";

/** The bytes that a deployment uploads and an execution environment loads. */
export const size: Benchmark = {
  name: "size",
  async measure() {
    await using bundle = await buildRelay();
    return [
      {
        what: "the deployed bundle",
        unit: "KB",
        measured: bundle.bytes / 1000,
        bound: { atMost: 250 },
      },
    ];
  },
};
