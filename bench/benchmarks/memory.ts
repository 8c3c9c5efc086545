import type { Benchmark, Finding } from "../finding.ts";
import { residentMemory } from "../memory.ts";
import { startTalks } from "../talks.ts";

const PAIRS = 20;
const IN_FLIGHT = 4;
/** In addition to those of the warm-up. */
const MESSAGES = 10_000;

/** What the local gateway and its execution environments need together after much work. */
export const memory: Benchmark = {
  name: "memory",
  async measure() {
    return [await measureClients("plain"), await measureClients("offering")];
  },
};

async function measureClients(offer: "plain" | "offering"): Promise<Finding> {
  const talks = await startTalks(PAIRS, IN_FLIGHT, offer);
  await talks.throughGateway(MESSAGES, IN_FLIGHT);
  const measured = await residentMemory(talks.gateway.pid);
  await talks.stop();
  const messages = offer === "offering" ? "compressed messages" : "messages";
  return {
    what: `the gateway and its children after 20,000 ${messages}`,
    unit: "MB",
    measured,
    bound: { atMost: 400 },
  };
}
