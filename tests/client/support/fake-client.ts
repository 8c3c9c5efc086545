import { RelayClient, type RelayClientOptions, type RelayEvents } from "../../../client/index.ts";
import { FakeClock, settle } from "./fake-clock.ts";
import { FakeWebSocket } from "./fake-web-socket.ts";

const EVENTS = [
  "message",
  "gap",
  "text",
  "error",
  "connecting",
  "open",
  "reconnecting",
  "closed",
] as const satisfies (keyof RelayEvents)[];

export const URL = "wss://k2v9xq41ab.execute-api.us-east-1.amazonaws.com/dev";

/**
 * A client whose sockets, clock and random numbers are the test's: unless a test asks for others, each delay is the
 * longest possible.
 */
export function fakeClient(options: RelayClientOptions = {}, url: string | globalThis.URL = URL) {
  const clock = new FakeClock();
  const sockets: FakeWebSocket[] = [];
  class RecordedWebSocket extends FakeWebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  let trigger = () => {};
  let listening = false;
  const client = new RelayClient(url, {
    WebSocket: RecordedWebSocket,
    clock,
    random: () => 1 - Number.EPSILON,
    reconnectTriggers: (onTrigger) => {
      trigger = onTrigger;
      listening = true;
      return () => {
        listening = false;
      };
    },
    ...options,
  });
  const events: [keyof RelayEvents, RelayEvents[keyof RelayEvents]][] = [];
  for (const name of EVENTS) {
    client.on(name, (value) => events.push([name, value]));
  }
  return {
    client,
    clock,
    sockets,
    events,
    trigger: async () => {
      trigger();
      await settle();
    },
    listening: () => listening,
    /** Waits for the client's next attempt, and returns how many milliseconds it took. */
    async delay(): Promise<number> {
      const before = clock.now();
      for (const { length } = sockets; sockets.length === length; ) {
        await clock.advance(clock.next ?? 0);
      }
      return Math.round(clock.now() - before);
    },
    /** The newest socket, once the client has made it. */
    async socket(): Promise<FakeWebSocket> {
      await settle();
      const socket = sockets.at(-1);
      if (!socket) {
        throw new Error("The client has made no socket.");
      }
      return socket;
    },
    /** The values of the events of that name, in order. */
    all<Name extends keyof RelayEvents>(name: Name): RelayEvents[Name][] {
      return events.filter(([other]) => other === name).map(([, value]) => value) as never;
    },
  };
}

/** A client that is connected, and its socket. */
export async function openClient(options?: RelayClientOptions) {
  const fake = fakeClient(options);
  const socket = await fake.socket();
  socket.welcome("Nq3xYd7RiYcCG4A=");
  return { ...fake, socket, nextSocket: fake.socket };
}
