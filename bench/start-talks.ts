import { type Gateway, startGateway } from "./start-gateway.ts";
import { type Program, startProgram } from "./start-program.ts";
import type { TrafficCommand, TrafficReport } from "./traffic-command.ts";

/** Pairs of clients that talk through the gateway, and others that talk through the floor, ready to be measured in turn. */
export interface Talks {
  readonly gateway: Gateway;
  throughGateway(messages: number, inFlight: number): Promise<TrafficReport>;
  throughFloor(messages: number, inFlight: number): Promise<TrafficReport>;
  /** Ends everything. Rejects when the gateway has reported an error. */
  stop(): Promise<void>;
}

/** Messages before anything is measured: both sides run at their full speed then. */
const WARM_UP = 10_000;

/**
 * Starts the gateway, the floor with one bare HTTP hop, and `pairs` pairs of clients for each. They have talked for a
 * while, with `inFlight` messages under way in each pair.
 */
export async function startTalks(pairs: number, inFlight: number): Promise<Talks> {
  const gateway = await startGateway();
  const floor = startProgram<object, { readonly url: string }>("one-hop.ts");
  const { url } = await floor.ask({});
  const ofGateway = startProgram<TrafficCommand, TrafficReport>("traffic.ts");
  const ofFloor = startProgram<TrafficCommand, TrafficReport>("traffic.ts");
  await ofGateway.ask({ do: "connect", url: gateway.url, pairs });
  await ofFloor.ask({ do: "connect", url, pairs });
  const send = (clients: Program<TrafficCommand, TrafficReport>) => {
    return (messages: number, inFlight: number) => clients.ask({ do: "send", messages, inFlight });
  };
  await send(ofGateway)(WARM_UP, inFlight);
  await send(ofFloor)(WARM_UP, inFlight);
  return {
    gateway,
    throughGateway: send(ofGateway),
    throughFloor: send(ofFloor),
    async stop() {
      await Promise.all([ofGateway.stop(), ofFloor.stop(), floor.stop(), gateway.stop()]);
      if (gateway.errors.length > 0) {
        throw new Error(`The gateway reported errors: ${gateway.errors.slice(0, 10).join(" ")}`);
      }
    },
  };
}
