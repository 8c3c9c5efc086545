import type { Benchmark } from "../finding.ts";
import { alternate } from "../measure.ts";
import { startTalks, type Talks } from "../talks.ts";

const PAIRS = 20;
/** Messages of one pair that are under way at a time. */
const IN_FLIGHT = 4;
/** Messages of all pairs in one round. */
const MESSAGES = 4_000;
const ROUNDS = 7;
const ROUNDS_OF_BARE = 3;

/** How many messages a second the local gateway takes from client to client, through the function. */
export const relay: Benchmark = {
  name: "relay",
  async measure() {
    const talks = await startTalks(PAIRS, IN_FLIGHT);
    const perSecond = async (talk: Talks["throughGateway"]) =>
      MESSAGES / (await talk(MESSAGES, IN_FLIGHT)).seconds;
    const throughGateway = () => perSecond(talks.throughGateway);
    const bare = await alternate(ROUNDS_OF_BARE, throughGateway, () =>
      perSecond(talks.throughBaseline),
    );
    const signed = await alternate(ROUNDS, throughGateway, () =>
      perSecond(talks.throughSignedBaseline),
    );
    await talks.stop();
    return [
      {
        what: "messages through `npm start` / a hop that the SDK signs",
        unit: "/s",
        ...signed,
        bound: { atLeast: 0.45 },
      },
      { what: "the same / a bare hop", unit: "/s", ...bare },
    ];
  },
};
