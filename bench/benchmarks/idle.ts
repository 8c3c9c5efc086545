import { setTimeout as wait } from "node:timers/promises";
import type { ClientsCommand, ClientsReport, IdleReport } from "../commands.ts";
import type { Benchmark, Finding } from "../finding.ts";
import { requireOpenFiles } from "../machine.ts";
import { alternate } from "../measure.ts";
import { startProgram } from "../program.ts";

const COUNT = 10_000;
/** Connections that are opened at a time. */
const CONCURRENCY = 64;
const ROUNDS = 3;
/** How long to wait before the garbage of the opening is collected, in milliseconds. */
const SETTLE_TIME = 2_000;

/** Whether the clients offer permessage-deflate, as browsers do. */
type Offer = "plain" | "offering";

/** What a connection costs the local gateway while nothing happens on it. */
export const idle: Benchmark = {
  name: "idle",
  async measure() {
    requireOpenFiles(COUNT);
    return [await measureClients("plain"), await measureClients("offering")];
  },
};

async function measureClients(offer: Offer): Promise<Finding> {
  const medians = await alternate(
    ROUNDS,
    () => kilobytesPerConnection("gateway", offer),
    () => kilobytesPerConnection("ws", offer),
  );
  const clients = offer === "offering" ? ", of clients that offer compression" : "";
  return {
    what: `one of 10,000 idle connections${clients} / of a bare \`ws\` server's`,
    unit: "KB",
    ...medians,
    bound: { atMost: 1.5 },
  };
}

async function kilobytesPerConnection(subject: "gateway" | "ws", offer: Offer): Promise<number> {
  const server = startProgram<object, IdleReport>("idle-server.ts", {
    arguments: [subject],
    // As in the script `start` of package.json; for the baseline, too.
    flags: ["--expose-gc", "--max-semi-space-size=16"],
  });
  const { url, memory: before } = await server.ask({});
  const clients = startProgram<ClientsCommand, ClientsReport>("clients.ts", {
    arguments: [url, offer],
  });
  await clients.ask({ do: "open", count: COUNT, concurrency: CONCURRENCY });
  await wait(SETTLE_TIME);
  const { connections, memory } = await server.ask({});
  await Promise.all([clients.stop(), server.stop()]);
  if (connections !== COUNT) {
    throw new Error(`${connections} of ${COUNT} connections are open.`);
  }
  return (memory - before) / COUNT / 1024;
}
