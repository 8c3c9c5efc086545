import fc from "fast-check";
import { RelayError } from "../../client/index.ts";
import { startRelay } from "./support/relay-clients.ts";

/** Messages that are under way together. */
const GROUP = [...Array(6).keys()];
test("on a relay that has any bad days, every send settles and every message is received at most once", async () => {
  const share = fc.double({ min: 0, max: 0.2, noNaN: true });
  const faults = fc.record({
    dropDisconnect: share,
    duplicateEvent: share,
    postThrottled: share,
    postError: share,
    cutPost: share,
    databaseError: share,
    seed: fc.nat(),
  });
  const cutsAfterGroups = fc.array(fc.option(fc.nat(1), { nil: undefined }), {
    minLength: 3,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(faults, cutsAfterGroups, async (bad, cuts) => {
      await using relay = await startRelay({ faults: bad });
      const settings = { channel: "lobby", sendTimeout: 2000, maxAttempts: 100, rotateAfter: 400 };
      const alice = relay.connect({ user: "alice", ...settings });
      const bob = relay.connect({ user: "bob", ...settings });
      let count = 0;
      const ids: string[] = [];
      const data: unknown[] = [];
      bob.client.on("message", (message) => {
        ids.push(message.messageId);
        data.push(message.data);
      });
      for (const cut of cuts) {
        const sent = GROUP.map(() => alice.client.send({ user: "bob" }, count++));
        if (cut !== undefined) {
          [alice, bob][cut]?.cut();
        }
        for (const outcome of await Promise.allSettled(sent)) {
          const { reason } = outcome as Partial<PromiseRejectedResult>;
          expect([undefined, RelayError]).toContain(reason?.constructor);
        }
      }
      expect(ids.length).toBe(new Set(ids).size);
      expect(data.length).toBe(new Set(data).size);
    }),
    { numRuns: 4 },
  );
}, 120_000);
