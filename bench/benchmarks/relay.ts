import { alternate } from "../alternate.ts";
import type { Benchmark } from "../benchmark.ts";
import { startTalks } from "../start-talks.ts";

const PAIRS = 20;
/** Messages of one pair that are under way at a time. */
const IN_FLIGHT = 4;
/** Messages of all pairs in one round. */
const MESSAGES = 4_000;
const ROUNDS = 7;

/** How many messages a second the local gateway takes from client to client, through the function. */
export const relay: Benchmark = {
  name: "relay",
  async measure() {
    const talks = await startTalks(PAIRS, IN_FLIGHT);
    const medians = await alternate(
      ROUNDS,
      async () => MESSAGES / (await talks.throughGateway(MESSAGES, IN_FLIGHT)).seconds,
      async () => MESSAGES / (await talks.throughFloor(MESSAGES, IN_FLIGHT)).seconds,
    );
    await talks.stop();
    return [
      { what: "messages through `npm start`", unit: "/s", ...medians, bound: { atLeast: 0.4 } },
    ];
  },
};
