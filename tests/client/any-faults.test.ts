import fc from "fast-check";
import { RelayError } from "../../client/index.ts";
import { startRelay } from "./support/relay-clients.ts";

/** Messages that are under way together. */
const GROUP = [...Array(6).keys()];

test("on a relay with any injected faults, every send settles and every message is received at most once", async () => {
  const share = fc.double({ min: 0, max: 0.2, noNaN: true });
  const faults = fc.record({
    dropDisconnect: share,
    duplicateEvent: share,
    postThrottled: share,
    // Some answers are always lost: what is wrongly taken for unsent then goes out again.
    postError: fc.double({ min: 0.1, max: 0.3, noNaN: true }),
    cutPost: share,
    databaseError: share,
    seed: fc.nat(),
  });
  // Who is cut before a group of messages, which then waits if it is alice's own line, and who after it.
  const anybody = fc.option(fc.nat(1), { nil: undefined });
  const cuts = fc.array(fc.tuple(anybody, anybody), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(faults, cuts, async (bad, groups) => {
      await using relay = await startRelay({ faults: bad });
      const settings = { channel: "lobby", sendTimeout: 1000, maxAttempts: 100, rotateAfter: 300 };
      const alice = relay.connect({ user: "alice", ...settings });
      const bob = relay.connect({ user: "bob", ...settings });
      let count = 0;
      const ids: string[] = [];
      const data: unknown[] = [];
      bob.client.on("message", (message) => {
        ids.push(message.messageId);
        data.push(message.data);
      });
      const cut = (who: number | undefined) => who !== undefined && [alice, bob][who]?.cut();
      for (const [before, after] of groups) {
        cut(before);
        const sent = GROUP.map(() => alice.client.send({ user: "bob" }, count++));
        cut(after);
        for (const outcome of await Promise.allSettled(sent)) {
          const { reason } = outcome as Partial<PromiseRejectedResult>;
          expect([undefined, RelayError]).toContain(reason?.constructor);
        }
      }
      expect(ids.length).toBe(new Set(ids).size);
      expect(data.length).toBe(new Set(data).size);
    }),
    // A run takes seconds: to look for a smaller failure would take minutes.
    { numRuns: 4, endOnFailure: true },
  );
}, 120_000);
