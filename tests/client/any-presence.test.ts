import fc from "fast-check";
import { fastClock } from "./support/fast-clock.ts";
import { startRelay, type TestClient } from "./support/relay-clients.ts";

type Relay = Awaited<ReturnType<typeof startRelay>>;

const USERS = ["bob", "carol", "dave"];
/** A few minutes are some seconds. */
const SETTINGS = { clock: fastClock(100), sendTimeout: 150_000, heartbeatTimeout: 600_000 };
const ACTS = ["connect", "close", "cut", "subscribe", "unsubscribe"] as const;

/** The other users, of whom each has one client at most. */
class Others {
  readonly #relay: Relay;
  readonly #clients = new Map<number, TestClient>();

  constructor(relay: Relay) {
    this.#relay = relay;
  }

  act(name: (typeof ACTS)[number], number: number): void {
    const other = this.#clients.get(number);
    if (!other || name === "connect") {
      other?.client.close();
      const settings = { user: USERS[number], channel: "lobby", rotateAfter: 300_000 };
      this.#clients.set(number, this.#relay.connect({ ...settings, ...SETTINGS }));
    } else if (name === "cut") {
      other.cut();
    } else if (name === "close") {
      other.client.close();
      this.#clients.delete(number);
    } else {
      const channel = other.client.subscribe("lobby");
      if (name === "unsubscribe") {
        channel.unsubscribe();
      }
    }
  }

  close(): void {
    for (const { client } of this.#clients.values()) {
      client.close();
    }
  }
}

/** The users in the channel, as the relay has them. */
async function members(relay: Relay): Promise<string> {
  const frame = await relay.invoke({ members: { channel: "lobby" } });
  return sorted((frame.members as { user: string }[]).map(({ user }) => user));
}

function sorted(users: Iterable<string>): string {
  return [...new Set(users)].sort().join();
}

test("after any comings and goings and with any lost posts, a channel shows the users who are in it", async () => {
  const share = fc.double({ min: 0, max: 0.3, noNaN: true });
  const faults = fc.record({
    duplicateEvent: share,
    postThrottled: share,
    postError: share,
    postGone: share,
    dropDisconnect: share,
    seed: fc.nat(),
  });
  const act = fc.tuple(fc.constantFrom(...ACTS), fc.nat(USERS.length - 1));
  const acts = fc.array(act, { minLength: 6, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(faults, acts, async (bad, course) => {
      const parameterOverrides = { PresenceWatchers: "20" };
      await using relay = await startRelay({ faults: bad, parameterOverrides });
      const { client } = relay.connect({ user: "alice", ...SETTINGS });
      const shown = new Set<string>();
      const wrong: string[] = [];
      client.subscribe("lobby", { presence: true }).on("presence", ({ event, user }) => {
        // Nobody comes who is there, and nobody goes who is not.
        if (shown.has(user) !== (event === "left")) {
          wrong.push(`${user} ${event}`);
        }
        shown[event === "joined" ? "add" : "delete"](user);
      });
      const others = new Others(relay);
      for (const [name, number] of course) {
        others.act(name, number);
        // Some of it happens at the same time.
        await members(relay);
      }
      others.close();
      // Quiet is when what is shown agrees with two answers in a row.
      for (let agreed = 0; agreed < 2; ) {
        agreed = (await members(relay)) === sorted(shown) ? agreed + 1 : 0;
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 4 },
  );
}, 90_000);
