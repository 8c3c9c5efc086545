import type { AudienceCommand, AudienceReport, PostsCommand } from "../commands.ts";
import type { Benchmark } from "../finding.ts";
import { startGateway } from "../gateway.ts";
import { requireOpenFiles } from "../machine.ts";
import { alternate } from "../measure.ts";
import { peakOfChildren, residentMemory } from "../memory.ts";
import { type Program, startProgram } from "../program.ts";
import { relayEnvironment } from "../relay-build.ts";

const SMALL = 1_000;
const LARGE = 10_000;
const ROUNDS = 5;
/** Posts at a time; more than 50 sockets a client of the SDK does not open. */
const CONCURRENCIES = [8, 16, 32, 50];

type Audience = Program<AudienceCommand, AudienceReport>;

/** How fast a message reaches everyone in a channel, and whether that goes on for ten times as many. */
export const fanOut: Benchmark = {
  name: "fan-out",
  async measure() {
    requireOpenFiles(SMALL + LARGE);
    const gateway = await startGateway();
    const { url, managementUrl } = gateway;
    const [small, large] = [startAudience(), startAudience()];
    const { ids } = await small.ask({ do: "join", url, channel: "small", members: SMALL });
    const environment = {
      ...relayEnvironment(new URL(managementUrl).origin),
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: managementUrl,
    };
    const bare = startProgram<PostsCommand, number>("posts.ts", { environment });
    const concurrency = await bestConcurrency(bare, ids);
    const toSmall = async () => (await small.ask({ do: "send", channel: "small" })).seconds;
    await toSmall();
    const perSecond = await alternate(
      ROUNDS,
      async () => SMALL / (await toSmall()),
      async () => SMALL / (await bare.ask({ ids, concurrency })),
    );
    const smallPeak = await peakOfChildren(gateway.pid, toSmall);

    await large.ask({ do: "join", url, channel: "large", members: LARGE });
    const toLarge = async () => (await large.ask({ do: "send", channel: "large" })).seconds;
    const before = await residentMemory(gateway.pid);
    await toLarge();
    const growth = await alternate(ROUNDS, toLarge, toSmall);
    const largePeak = await peakOfChildren(gateway.pid, toLarge);
    const after = await residentMemory(gateway.pid);
    await Promise.all([bare.stop(), small.stop(), large.stop()]);
    await gateway.stop();
    return [
      {
        what: `deliveries to 1,000 / bare posts, ${concurrency} at a time`,
        unit: "/s",
        ...perSecond,
        bound: { atLeast: 0.75 },
      },
      { what: "time to 10,000 / to 1,000", unit: "s", ...growth, bound: { atMost: 11 } },
      {
        what: "memory of the largest environment, to 10,000 / to 1,000",
        unit: "MB",
        measured: largePeak,
        baseline: smallPeak,
        bound: { atMost: 1.25 },
      },
      {
        what: "memory of all processes, after / before the messages to 10,000",
        unit: "MB",
        measured: after,
        baseline: before,
      },
    ];
  },
};

function startAudience(): Audience {
  return startProgram<AudienceCommand, AudienceReport>("audience.ts");
}

async function bestConcurrency(
  bare: Program<PostsCommand, number>,
  ids: readonly string[],
): Promise<number> {
  let best = { concurrency: 0, seconds: Number.POSITIVE_INFINITY };
  for (const concurrency of [...CONCURRENCIES, ...CONCURRENCIES]) {
    const seconds = await bare.ask({ ids, concurrency });
    best = seconds < best.seconds ? { concurrency, seconds } : best;
  }
  return best.concurrency;
}
