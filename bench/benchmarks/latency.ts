import { alternate } from "../alternate.ts";
import type { Benchmark } from "../benchmark.ts";
import { median } from "../median.ts";
import { startTalks } from "../start-talks.ts";

/** Messages of one round, one after the other. */
const MESSAGES = 300;
const ROUNDS = 9;

/** How long one message takes from client to client when nothing else is under way. */
export const latency: Benchmark = {
  name: "latency",
  async measure() {
    const talks = await startTalks(1, 1);
    const medians = await alternate(
      ROUNDS,
      async () => median((await talks.throughGateway(MESSAGES, 1)).durations),
      async () => median((await talks.throughFloor(MESSAGES, 1)).durations),
    );
    await talks.stop();
    return [{ what: "one message at a time", unit: "ms", ...medians, bound: { atMost: 2.5 } }];
  },
};
