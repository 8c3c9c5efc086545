import type { ChannelCommand, ChannelReport } from "../commands.ts";
import type { Benchmark, Finding } from "../finding.ts";
import { alternate } from "../measure.ts";
import { startProgram } from "../program.ts";
import { buildRelay, relayEnvironment } from "../relay-build.ts";

/** How many read, and how many do not. */
const SIZES = [200, 500];
const ROUNDS = 15;
const EVENT = { publish: { to: { channel: "lobby" }, data: "x".repeat(100) } };

/** What members who do not read cost those who do. */
export const nonReaders: Benchmark = {
  name: "non-readers",
  async measure() {
    await using bundle = await buildRelay();
    const channel = startProgram<ChannelCommand, ChannelReport>("channel-server.ts");
    const { url } = await channel.ask({ do: "report" });
    const relay = startProgram<object, unknown>("relay-function.ts", {
      arguments: [bundle.url],
      environment: relayEnvironment(url),
    });
    try {
      return await compare(async (members, doAllRead) => {
        await channel.ask({ do: "gather", members, doAllRead });
        await relay.ask(EVENT);
        const { served, lastServedAfter } = await channel.ask({ do: "report" });
        const readers = doAllRead ? members : members / 2;
        if (served !== readers) {
          throw new Error(`${served} of ${readers} who read got the message.`);
        }
        return lastServedAfter;
      });
    } finally {
      await Promise.all([relay.stop(), channel.stop()]);
    }
  },
};

/** Compares how long it takes until the last reader of so many members has a message, by whether they all read. */
async function compare(
  lastServedAfter: (members: number, doAllRead: boolean) => Promise<number>,
): Promise<readonly Finding[]> {
  // The first messages are slower, so they are not measured.
  await lastServedAfter(2 * Math.max(...SIZES), true);
  await lastServedAfter(2 * Math.max(...SIZES), false);
  const findings: Finding[] = [];
  for (const size of SIZES) {
    const medians = await alternate(
      ROUNDS,
      () => lastServedAfter(2 * size, false),
      () => lastServedAfter(2 * size, true),
    );
    findings.push({
      what: `until the last of ${size} has a message, when ${size} others do not read / when they do`,
      unit: "ms",
      ...medians,
      bound: { atMost: 1.2 },
    });
  }
  return findings;
}
