import { RelayClient } from "../../client/index.ts";
import { seededRandom } from "./support/random.ts";
import {
  NO_TROUBLE,
  type Trouble,
  VirtualRelay,
  VirtualWebSocket,
} from "./support/virtual-relay.ts";

const MEMBERS = 200;
const SECOND = 1000;

/** 200 members of a channel, who all miss the same number, and when they ask for it from then on. */
async function questionsForOneHole(trouble: Partial<Trouble> = {}) {
  const random = seededRandom(7);
  const relay = new VirtualRelay(random);
  const { clock } = relay;
  const got: unknown[][] = [];
  const clients = Array.from({ length: MEMBERS }, () => {
    const client = new RelayClient("wss://relay.example/dev", {
      channel: "lobby",
      history: true,
      clock,
      random: random.next,
      reconnectTriggers: () => () => {},
      WebSocket: class extends VirtualWebSocket {
        constructor(url: string) {
          super(url, relay);
        }
      },
    });
    const data: unknown[] = [];
    client.on("message", (message) => data.push(message.data));
    got.push(data);
    return client;
  });
  await clock.advance(5 * SECOND);
  const publish = (data: string) =>
    relay.invoke({ publish: { to: { channel: "lobby" }, data, messageId: data } });
  // The first is stored, and reaches nobody.
  relay.trouble = { ...NO_TROUBLE, lostPost: 1 };
  const sent = publish("first");
  await clock.advance(SECOND);
  await sent;
  relay.trouble = NO_TROUBLE;
  relay.questions.length = 0;
  const begin = clock.now();
  const followed = publish("second");
  await clock.advance(SECOND);
  await followed;
  relay.trouble = { ...NO_TROUBLE, ...trouble };
  await clock.advance(9 * SECOND);
  const asked = relay.questions.map(({ connectionId, at }) => ({ connectionId, at: at - begin }));
  return { asked, got, relay, close: () => clients.map((client) => client.close()) };
}

/** How often those have asked who have asked most. */
function most(asked: readonly { readonly connectionId: string }[]): number {
  const counts = new Map<string, number>();
  for (const { connectionId } of asked) {
    counts.set(connectionId, (counts.get(connectionId) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}

test("of 200 members who miss one message each asks once, spread over two seconds", async () => {
  const { asked, got, close } = await questionsForOneHole();
  expect([asked.length, most(asked)]).toEqual([MEMBERS, 1]);
  for (const from of [2000, 2500, 3000, 3500]) {
    const part = asked.filter(({ at }) => at >= from && at < from + 550);
    expect(part.length).toBeGreaterThan(MEMBERS / 8);
  }
  expect(got).toEqual(got.map(() => ["first", "second"]));
  close();
});

test("where the history is throttled, or away, nobody asks more than twice in ten seconds", async () => {
  for (const trouble of [{ throttledHistory: 1 }, { databaseError: 1 }]) {
    const { asked, relay, got, close } = await questionsForOneHole(trouble);
    expect(asked.length).toBeGreaterThan(MEMBERS);
    expect(most(asked)).toBeLessThanOrEqual(2);
    relay.trouble = NO_TROUBLE;
    await relay.clock.advance(30 * SECOND);
    expect(got).toEqual(got.map(() => ["first", "second"]));
    close();
  }
});
