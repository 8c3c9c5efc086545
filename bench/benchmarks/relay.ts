import type { Benchmark } from "../finding.ts";
import { alternate } from "../measure.ts";
import { startTalks, type Talks } from "../talks.ts";

const PAIRS = 20;
/** Messages of one pair that are under way at a time. */
const IN_FLIGHT = 4;
/** Messages of all pairs in one round. */
const MESSAGES = 4_000;
const ROUNDS = 7;
const ROUNDS_OF_HOPS = 3;

/** How many messages a second the local gateway takes from client to client, through the function. */
export const relay: Benchmark = {
  name: "relay",
  async measure() {
    const talks = await startTalks(PAIRS, IN_FLIGHT);
    const perSecond = async (talk: Talks["throughGateway"]) =>
      MESSAGES / (await talk(MESSAGES, IN_FLIGHT)).seconds;
    const compare = (rounds: number, baseline: Talks["throughGateway"]) =>
      alternate(
        rounds,
        () => perSecond(talks.throughGateway),
        () => perSecond(baseline),
      );
    const samePath = await compare(ROUNDS, talks.throughSamePath);
    const signed = await compare(ROUNDS_OF_HOPS, talks.throughSignedBaseline);
    const bare = await compare(ROUNDS_OF_HOPS, talks.throughBaseline);
    await talks.stop();
    return [
      {
        what: "messages through `npm start` / the same path with nothing around it",
        unit: "/s",
        ...samePath,
        bound: { atLeast: 0.6 },
      },
      {
        what: "the same / a hop that the SDK signs",
        unit: "/s",
        ...signed,
        bound: { atLeast: 0.35 },
      },
      { what: "the same / a bare hop", unit: "/s", ...bare },
    ];
  },
};
