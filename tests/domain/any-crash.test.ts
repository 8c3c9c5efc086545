import fc from "fast-check";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const CHANNELS = ["lobby", "news", "games"];
const WATCHERS = 5;

type Domain = ReturnType<typeof assembleDomain>;

/** What is done to Alice, or by her, while the function may be killed. */
const OPERATIONS = {
  connect: ({ connecting }: Domain) =>
    connecting({ connectionId: "alice=", user: "alice", channels: CHANNELS }),
  subscribe: ({ subscribeFrom }: Domain) =>
    subscribeFrom("alice=", { channel: CHANNELS, presence: true }),
  unsubscribe: ({ unsubscribeFrom }: Domain) => unsubscribeFrom("alice=", { channel: "lobby" }),
  disconnect: async ({ sender, disconnecting }: Domain) => {
    await sender.close("alice=");
    await disconnecting("alice=");
  },
  "be found gone": async ({ sender, relayFrom }: Domain) => {
    await sender.close("alice=");
    await relayFrom("bob=", { forward: { user: "alice" }, data: "to nobody" });
  },
  "be closed by a backend": ({ disconnectTargets }: Domain) =>
    disconnectTargets({ to: { user: "alice" } }),
  "be taken out of a channel": ({ unsubscribeTargets }: Domain) =>
    unsubscribeTargets({ to: { user: "alice" }, channel: "lobby" }),
} as const;

/**
 * How the store fails: at which of its accesses, and whether all further ones fail, too, as in a function that is killed
 * there. In the other case the access may have done its work.
 */
interface Failure {
  readonly at: number;
  readonly kills: boolean;
  readonly indexesLag: boolean;
}

/** Does something while the store fails, and returns how often the store was accessed. */
async function doDespite(
  store: InMemoryConnectionStore,
  { at, kills, indexesLag }: Failure,
  act: () => Promise<unknown>,
): Promise<number> {
  let accesses = 0;
  store.beforeAccess = () => {
    accesses += 1;
    if (accesses === at || (kills && accesses > at)) {
      throw new Error("The store is away.");
    }
  };
  if (indexesLag) {
    store.holdIndexes();
  }
  await act().catch(() => undefined);
  store.beforeAccess = () => {};
  store.releaseIndexes();
  return accesses;
}

/** A relay with Alice, in two channels, and Bob, in all, at a time that can be moved on. */
function assemble() {
  let now = NOW;
  const store = new InMemoryConnectionStore(() => now);
  const domain = assembleDomain({
    store,
    clock: () => now,
    end: () => now + 25_000,
    presenceWatchers: WATCHERS,
  });
  const { connect, sender } = domain;
  const expiresAt = NOW + 3_600_000;
  connect("bob=", { user: "bob", expiresAt });
  for (const channel of CHANNELS) {
    const bob = { connectionId: "bob=", channel, user: "bob", since: 0, expiresAt };
    store.putMembership({ ...bob, presence: false });
  }
  return {
    ...domain,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    /** Sends to every place where Alice could be, and returns the receipts. */
    async speak(): Promise<readonly { delivered: number; gone: number; failed: number }[]> {
      const before = sender.inbox("bob=").length;
      const forwards = [...CHANNELS.map((channel) => ({ channel })), { user: "alice" }];
      for (const forward of forwards) {
        await domain.relayFrom("bob=", { forward, data: "hi", id: "m1" });
      }
      return domain
        .frames("bob=")
        .slice(before)
        .map((frame) => frame as { delivered: number; gone: number; failed: number });
    },
    /** The channels of Alice in the store. */
    joined: () =>
      store.memberships
        .filter(({ connectionId }) => connectionId === "alice=")
        .map(({ channel }) => channel),
  };
}

const aFailure = fc.record({
  at: fc.integer({ min: 1, max: 16 }),
  kills: fc.boolean(),
  indexesLag: fc.boolean(),
});

describe("Wherever the function is killed, or a call of its store fails,", () => {
  test.each(["disconnect", "be found gone", "be closed by a backend"] as const)(
    "nothing is left of a connection that was to %s, once a message has been sent to where it was",
    async (name) => {
      await fc.assert(
        fc.asyncProperty(aFailure, async (failure) => {
          const relay = assemble();
          relay.connect("alice=", { user: "alice", expiresAt: NOW + 3_600_000 });
          await relay.subscribeFrom("alice=", { channel: ["lobby", "news"] });
          relay.pass(60_000);
          await doDespite(relay.store, failure, () => OPERATIONS[name](relay));
          const isOpen = (await relay.sender.probe("alice=")) === "alive";
          const receipts = await relay.speak();
          if (isOpen) {
            // Nobody has closed her, so she must be as she was.
            expect(relay.joined()).toEqual(["lobby", "news"]);
            expect(receipts.map(({ delivered }) => delivered)).toEqual([1, 1, 0, 1]);
            return;
          }
          expect(receipts.filter(({ delivered }) => delivered > 0)).toEqual([]);
          expect([...relay.store.connections.keys()]).toEqual(["bob="]);
          expect(relay.joined()).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );

  test("nothing is left of a connection that did not come to be, once it has had its time", async () => {
    await fc.assert(
      fc.asyncProperty(aFailure, async (failure) => {
        const relay = assemble();
        const accesses = await doDespite(relay.store, failure, () => OPERATIONS.connect(relay));
        fc.pre(accesses >= failure.at);
        relay.pass(31_000);
        await relay.speak();
        await relay.speak();
        expect(relay.joined()).toEqual([]);
        expect([...relay.store.connections.keys()]).toEqual(["bob="]);
      }),
      { numRuns: 100 },
    );
  });

  test.each(["subscribe", "unsubscribe", "be taken out of a channel"] as const)(
    "a connection that was to %s sends to and receives from the same channels, and can do it again",
    async (name) => {
      await fc.assert(
        fc.asyncProperty(aFailure, async (failure) => {
          const relay = assemble();
          relay.connect("alice=", { user: "alice", expiresAt: NOW + 3_600_000 });
          await relay.subscribeFrom("alice=", { channel: ["lobby", "news"] });
          await doDespite(relay.store, failure, () => OPERATIONS[name](relay));
          const joined = CHANNELS.map((channel) => (relay.joined().includes(channel) ? 1 : 0));
          const receipts = await relay.speak();
          expect(receipts.map(({ delivered }) => delivered)).toEqual([...joined, 1]);
          for (const channel of CHANNELS) {
            await relay.relayFrom("alice=", { forward: { channel }, data: channel });
          }
          const received = CHANNELS.map(
            (channel) => relay.frames("bob=").filter((it) => Object(it).data === channel).length,
          );
          expect(received).toEqual(joined);
          // No channel is lost that nobody wanted to leave, and none is joined that nobody wanted.
          expect(relay.joined()).toContain("news");
          expect(CHANNELS).toEqual(expect.arrayContaining(relay.joined()));
          await OPERATIONS[name](relay);
          expect([...relay.joined()].sort()).toEqual(
            name === "subscribe" ? ["games", "lobby", "news"] : ["news"],
          );
        }),
        { numRuns: 100 },
      );
    },
  );
});
