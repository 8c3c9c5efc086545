import { availableParallelism } from "node:os";
import type { TrafficCommand, TrafficReport } from "./commands.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { type Program, startProgram } from "./program.ts";
import { relayEnvironment } from "./relay-build.ts";

/** Sends so many messages in all, so many of each pair under way at a time. */
type Talk = (messages: number, inFlight: number) => Promise<TrafficReport>;

/** Pairs of clients that talk through the gateway, and others that talk through its baselines, ready to be measured in turn. */
export interface Talks {
  readonly gateway: Gateway;
  readonly throughGateway: Talk;
  /** The same way, with nothing around it: to a process that runs one message at a time, and from it by a post of the AWS SDK's. */
  readonly throughSamePath: Talk;
  /** One bare HTTP hop for each message. */
  readonly throughBaseline: Talk;
  /** The same, but the hop is a post of the AWS SDK's. */
  readonly throughSignedBaseline: Talk;
  /** Ends everything. Rejects when the gateway has reported an error. */
  stop(): Promise<void>;
}

/** Messages before anything is measured: all sides run at their full speed then. */
const WARM_UP = 10_000;

/**
 * Starts the gateway, its baselines, and `pairs` pairs of clients for each. They have talked for a while, with `inFlight`
 * messages under way in each pair. Clients that are `offering` compress what they send, where the server lets them.
 */
export async function startTalks(
  pairs: number,
  inFlight: number,
  offer: "plain" | "offering" = "plain",
): Promise<Talks> {
  const gateway = await startGateway();
  const samePath = startBaseline("same-path.ts", String(pairs === 1 ? 1 : availableParallelism()));
  const [bare, signed] = [
    startBaseline("one-hop.ts", "bare"),
    startBaseline("one-hop.ts", "signed"),
  ];
  const clients: Program<TrafficCommand, TrafficReport>[] = [];
  const talkThrough = async (url: string): Promise<Talk> => {
    const program = startProgram<TrafficCommand, TrafficReport>("traffic.ts", {
      arguments: [offer],
    });
    clients.push(program);
    await program.ask({ do: "connect", url, pairs });
    const talk: Talk = (messages, inFlight) => program.ask({ do: "send", messages, inFlight });
    await talk(WARM_UP, inFlight);
    return talk;
  };
  const throughGateway = await talkThrough(gateway.url);
  const throughSamePath = await talkThrough((await samePath.ask({})).url);
  const throughBaseline = await talkThrough((await bare.ask({})).url);
  const throughSignedBaseline = await talkThrough((await signed.ask({})).url);
  return {
    gateway,
    throughGateway,
    throughSamePath,
    throughBaseline,
    throughSignedBaseline,
    async stop() {
      await Promise.all([...clients, samePath, bare, signed, gateway].map((one) => one.stop()));
      if (gateway.errors.length > 0) {
        throw new Error(`The gateway reported errors: ${gateway.errors.slice(0, 10).join(" ")}`);
      }
    },
  };
}

function startBaseline(name: string, argument: string): Program<object, { readonly url: string }> {
  return startProgram(name, {
    arguments: [argument],
    environment: relayEnvironment("http://127.0.0.1:9"),
  });
}
