import fc from "fast-check";
import type { Rest, Slice } from "../../src/domain/fan-out/ports.ts";
import { assembleLargeChannel, LOBBY } from "./assemble-large-channel.ts";

/** The accesses of the invocation that took the message; a slice makes none of them when it is in time. */
const COORDINATION = [
  "query group",
  "find progress",
  "take slot",
  "add slice",
  "save progress",
  "find reports",
];

/** What may happen to the slices, each by its number. */
const slicesHappen = fc.record({
  /** How often each is run. */
  runs: fc.array(fc.constantFrom(1, 1, 1, 2, 0), { minLength: 12, maxLength: 12 }),
  /** After how many posts each is killed when it runs for the first time; most are not. */
  kills: fc.array(fc.constantFrom(9, 9, 9, 0, 1, 2), { minLength: 12, maxLength: 12 }),
  /** What becomes of the posts to each member. */
  outcomes: fc.array(fc.constantFrom("delivered", "delivered", "gone", "throttled"), {
    minLength: 30,
    maxLength: 30,
  } as const),
});

describe("Whatever happens to the slices of a large message,", () => {
  test("its receipt adds up, counts nothing twice, and nothing that has not arrived", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 30 }),
        slicesHappen,
        async (size, { runs, kills, outcomes }) => {
          const numbers = new Map<string, number>();
          const numberOf = (job: Slice) => {
            const number = numbers.get(job.after) ?? numbers.size;
            numbers.set(job.after, number);
            return number;
          };
          const channel = assembleLargeChannel(size, {
            runs: (job) => (job.kind === "slice" ? (runs[numberOf(job)] ?? 1) : 1),
          });
          const { domain, members, speak, receipts, texts, time } = channel;
          for (const [index, member] of members.entries()) {
            domain.sender.answerWith(member, outcomes[index] ?? "delivered");
          }
          const sends = new Map<string, number>();
          domain.sender.beforeSend = (id) => {
            const job = channel.jobs.added.find(
              (it): it is Slice => "ids" in it && it.ids.includes(id),
            );
            if (job === undefined) {
              return undefined;
            }
            const sent = (sends.get(job.after) ?? 0) + 1;
            sends.set(job.after, sent);
            // The run that makes this post ends here, and all its posts under way with it.
            return sent === kills[numberOf(job)] ? new Promise(() => {}) : undefined;
          };
          await speak();
          await time.pass(90_000);
          const [receipt] = receipts();
          const { relay, delivered = 0, gone = 0, failed = 0, pending = 0 } = receipt;
          if (relay === "error") {
            expect(channel.posts.filter(({ id }) => texts(id).length > 0)).toEqual([]);
            return;
          }
          expect(delivered + gone + failed + pending).toBe(size);
          expect(receipt.complete).toBe(pending === 0);
          expect(delivered).toBeLessThanOrEqual(
            members.filter((it) => texts(it).length > 0).length,
          );
          expect(
            new Set(members.flatMap(texts).map(({ messageId }) => messageId)).size,
          ).toBeLessThan(2);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("Wherever the invocation that hands out a large message is killed,", () => {
  const aLife = fc.record({
    size: fc.integer({ min: 5, max: 24 }),
    at: fc.integer({ min: 1, max: 40 }),
    leave: fc.array(fc.nat({ max: 23 }), { maxLength: 4 }),
    join: fc.array(fc.nat({ max: 23 }), { maxLength: 4 }),
  });

  test("run again it goes on, reaches everybody who stays, and repeats one slice at most", async () => {
    await fc.assert(
      fc.asyncProperty(aLife, async ({ size, at, leave, join }) => {
        const channel = assembleLargeChannel(size);
        const { domain, members, publish, texts, time, jobs, beforeAccess } = channel;
        let accesses = 0;
        let isKilled = false;
        beforeAccess((access) => {
          accesses += COORDINATION.includes(access) ? 1 : 0;
          isKilled ||= accesses === at;
          return COORDINATION.includes(access) && accesses >= at
            ? new Promise(() => {})
            : undefined;
        });
        const killed = domain.publish({ to: LOBBY, data: 1 });
        await time.pass(90_000);
        // It never ends, where it was killed.
        killed.catch(() => undefined);
        fc.pre(isKilled);
        beforeAccess(() => {});
        const left = new Set(leave.map((index) => `m${String(index).padStart(4, "0")}=`));
        for (const member of left) {
          await domain.store.leave(member, LOBBY.channel, time.clock() + 5000);
        }
        for (const index of join) {
          const expiresAt = time.clock() + 3_600_000;
          domain.connect(`m${String(index).padStart(4, "0")}x=`, { ...LOBBY, expiresAt });
        }
        await publish();
        await time.pass(90_000);
        const stayed = members.filter((member) => !left.has(member));
        expect(stayed.filter((member) => texts(member).length === 0)).toEqual([]);
        const names = jobs.added.map((job: Slice | Rest) => ("after" in job ? job.after : ""));
        expect(names.length - new Set(names).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});
