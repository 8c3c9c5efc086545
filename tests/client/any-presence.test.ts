import fc from "fast-check";
import { fastClock } from "./support/fast-clock.ts";
import { startRelay, type TestClient } from "./support/relay-clients.ts";

const USERS = ["bob", "carol", "dave"];
/** A few minutes are some seconds. */
const FASTER = 100;
const SETTINGS = { clock: fastClock(FASTER), sendTimeout: 150_000, heartbeatTimeout: 600_000 };

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
  const act = fc.constantFrom("connect", "close", "cut", "subscribe", "unsubscribe");
  const acts = fc.array(fc.tuple(act, fc.nat(USERS.length - 1)), { minLength: 6, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(faults, acts, async (bad, course) => {
      const parameterOverrides = { PresenceWatchers: "20" };
      await using relay = await startRelay({ faults: bad, parameterOverrides });
      const { client } = relay.connect({ user: "alice", ...SETTINGS });
      const shown = new Set<string>();
      const lobby = client.subscribe("lobby", { presence: true });
      lobby.on("presence", ({ event, user }) => {
        // Nobody comes who is there, and nobody goes who is not.
        expect(shown.has(user)).toBe(event === "left");
        shown[event === "joined" ? "add" : "delete"](user);
      });
      const others = new Map<number, TestClient>();
      for (const [name, number] of course) {
        const other = others.get(number);
        if (!other || name === "connect") {
          other?.client.close();
          const settings = { user: USERS[number], channel: "lobby", ...SETTINGS };
          others.set(number, relay.connect({ ...settings, rotateAfter: 300_000 }));
        } else if (name === "cut") {
          other.cut();
        } else if (name === "close") {
          other.client.close();
          others.delete(number);
        } else {
          const channel = other.client.subscribe("lobby");
          if (name === "unsubscribe") {
            channel.unsubscribe();
          }
        }
        // Some of it happens at the same time.
        await relay.invoke({ members: { channel: "lobby" } });
      }
      for (const { client: other } of others.values()) {
        other.close();
      }
      // Quiet is when two questions in a row agree with what is shown.
      for (let agreed = 0; agreed < 2; ) {
        await new Promise((resolve) => setImmediate(resolve));
        const { members } = await relay.invoke({ members: { channel: "lobby" } });
        const users = (members as { user?: string }[] | undefined)?.map(({ user }) => user ?? "");
        const isSame = users !== undefined && sorted(users) === sorted(shown);
        agreed = isSame ? agreed + 1 : 0;
      }
    }),
    { numRuns: 3 },
  );
}, 90_000);

function sorted(users: Iterable<string>): string {
  return [...new Set(users)].sort().join();
}
