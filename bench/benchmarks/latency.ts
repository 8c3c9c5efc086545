import type { Benchmark } from "../finding.ts";
import { alternate, median } from "../measure.ts";
import { startTalks, type Talks } from "../talks.ts";

/** Messages of one round, one after the other. */
const MESSAGES = 300;
const ROUNDS = 9;
const ROUNDS_OF_HOPS = 5;

/** How long one message takes from client to client when nothing else is under way. */
export const latency: Benchmark = {
  name: "latency",
  async measure() {
    const talks = await startTalks(1, 1);
    const milliseconds = async (talk: Talks["throughGateway"]) =>
      median((await talk(MESSAGES, 1)).durations);
    const compare = (rounds: number, baseline: Talks["throughGateway"]) =>
      alternate(
        rounds,
        () => milliseconds(talks.throughGateway),
        () => milliseconds(baseline),
      );
    const samePath = await compare(ROUNDS, talks.throughSamePath);
    const signed = await compare(ROUNDS_OF_HOPS, talks.throughSignedBaseline);
    const bare = await compare(ROUNDS_OF_HOPS, talks.throughBaseline);
    await talks.stop();
    return [
      {
        what: "one message at a time / the same path with nothing around it",
        unit: "ms",
        ...samePath,
      },
      {
        what: "the same / a hop that the SDK signs",
        unit: "ms",
        ...signed,
        bound: { atMost: 1.35 },
      },
      { what: "the same / a bare hop", unit: "ms", ...bare },
    ];
  },
};
