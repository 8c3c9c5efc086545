import { assembleDomain, NOW } from "./assemble-domain.ts";

const LOBBY = { channel: "lobby" };
const RECEIPT = { relay: "receipt", id: "m1", delivered: 0, gone: 0, failed: 0, complete: true };

/** Members of a channel, one of whom speaks, and how long the relay would have waited between two tries. */
function assemble(options: { readonly clock?: () => number } = {}) {
  const waits: number[] = [];
  const domain = assembleDomain({
    ...options,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  domain.connect("speaker=", LOBBY);
  const speak = () => domain.relayFrom("speaker=", { forward: LOBBY, data: 1, id: "m1" });
  const triesOf = (connectionId: string) =>
    domain.sender.tries.filter((it) => it === `send ${connectionId}`).length;
  return { ...domain, waits, speak, triesOf };
}

describe("A connection that API Gateway calls gone", () => {
  test("and that is not registered, is gone, and nobody is asked again", async () => {
    const { relayFrom, sender, frames } = assemble();
    await relayFrom("speaker=", { forward: "nobody=", data: 1 });
    expect(sender.tries).toEqual(["send nobody=", "send speaker="]);
    expect(frames("speaker=")).toMatchObject([{ code: "TARGET_GONE" }]);
  });

  test("and that was registered less than 30 seconds ago, is gone and stays registered, and nobody is asked again", async () => {
    const { connect, relayFrom, sender, store, frames } = assemble();
    connect("bob=", { registeredAt: NOW - 29_999 });
    sender.answerWith("bob=", "gone");
    await relayFrom("speaker=", { forward: "bob=", data: 1 });
    expect(sender.tries).toEqual(["send bob=", "send speaker="]);
    expect(frames("speaker=")).toMatchObject([{ code: "TARGET_GONE" }]);
    expect(store.connections.has("bob=")).toBe(true);
  });

  test("a second time, is gone and leaves the store", async () => {
    const { connect, speak, sender, store, frames } = assemble();
    connect("bob=", LOBBY);
    sender.answerWith("bob=", "gone");
    await speak();
    expect(sender.tries).toEqual(["send bob=", "probe bob=", "send speaker="]);
    expect(frames("speaker=")).toEqual([{ ...RECEIPT, gone: 1 }]);
    expect(store.connections.has("bob=")).toBe(false);
  });

  test("and then alive, counts as failed, gets the message no second time, and goes on receiving and sending", async () => {
    const { connect, speak, relayFrom, sender, frames } = assemble();
    connect("bob=", LOBBY);
    sender.answerWith("bob=", "gone", "delivered");
    const report = await speak();
    expect(sender.tries).toEqual(["send bob=", "probe bob=", "send speaker="]);
    expect(frames("speaker=")).toMatchObject([{ code: "UNAVAILABLE" }]);
    expect(report).toMatchObject({ summary: { outcomes: { failed: 1, gone: 0 } } });
    expect(report.failures).toMatchObject([
      { code: "NOT_GONE", message: expect.stringContaining("alive") },
    ]);
    await speak();
    expect(frames("bob=")).toHaveLength(1);
    await relayFrom("bob=", { forward: LOBBY, data: 2 });
    expect(frames("speaker=").at(-1)).toMatchObject({ relay: "message", data: 2 });
  });

  test.each(["throttled", new Error("Away.")])(
    "counts as failed and stays registered when the answer to the question is %s",
    async (outcome) => {
      const { connect, speak, sender, store } = assemble();
      connect("bob=", LOBBY);
      sender.answerWith("bob=", "gone");
      sender.answerProbesWith("bob=", outcome as "throttled" | Error);
      const report = await speak();
      expect(report).toMatchObject({ summary: { outcomes: { failed: 1, gone: 0 } } });
      expect(report.failures).toHaveLength(1);
      expect(store.connections.has("bob=")).toBe(true);
    },
  );

  test("is asked for although the store is away, and is not removed then", async () => {
    const { connect, relayFrom, sender, store, frames } = assemble();
    connect("bob=", LOBBY);
    sender.answerWith("bob=", "gone", "delivered");
    store.failure = new Error("The store is away.");
    const report = await relayFrom("speaker=", { forward: "bob=", data: 1 });
    expect(frames("speaker=")).toMatchObject([{ code: "UNAVAILABLE" }]);
    expect(report.failures[0]).toBe(store.failure);
    expect(store.connections.has("bob=")).toBe(true);
  });

  test("is gone although it cannot be removed, and the failure is reported", async () => {
    const { connect, speak, sender, store, frames } = assemble();
    connect("bob=", LOBBY);
    sender.answerWith("bob=", "gone");
    const failure = new Error("The store is away.");
    store.remove = () => Promise.reject(failure);
    const report = await speak();
    expect(frames("speaker=")).toEqual([{ ...RECEIPT, gone: 1 }]);
    expect(report.failures).toEqual([failure]);
  });

  test("is asked for after everybody has had a first try", async () => {
    const { connect, speak, sender } = assemble();
    for (let index = 0; index < 120; index += 1) {
      connect(`member${index}=`, LOBBY);
      if (index < 60) {
        sender.answerWith(`member${index}=`, "gone");
      }
    }
    await speak();
    expect(sender.tries.slice(0, 120).every((it) => it.startsWith("send"))).toBe(true);
    expect(sender.tries.slice(120, 180).every((it) => it.startsWith("probe"))).toBe(true);
  });
});

describe("A throttled target", () => {
  test("is tried again after everybody on every page has had a first try", async () => {
    const { connect, speak, sender, frames, waits } = assemble();
    for (let index = 0; index < 300; index += 1) {
      connect(`member${index}=`, LOBBY);
      if (index < 200) {
        sender.answerWith(`member${index}=`, "throttled", "delivered");
      }
    }
    await speak();
    expect(new Set(sender.tries.slice(0, 300)).size).toBe(300);
    expect(new Set(sender.tries.slice(300, 500)).size).toBe(200);
    expect(waits).toHaveLength(1);
    expect(frames("speaker=")).toEqual([{ ...RECEIPT, delivered: 300 }]);
  });

  test("gets six tries, alone or among others, and then counts as throttled", async () => {
    const { connect, speak, relayFrom, sender, triesOf, frames } = assemble();
    connect("bob=", LOBBY);
    connect("carol=", LOBBY);
    sender.answerWith("bob=", "throttled");
    const report = await speak();
    expect(triesOf("bob=")).toBe(6);
    expect(report).toMatchObject({ summary: { outcomes: { delivered: 1, throttled: 1 } } });
    await relayFrom("speaker=", { forward: "bob=", data: 1 });
    expect(triesOf("bob=")).toBe(12);
    expect(frames("speaker=").at(-1)).toMatchObject({ code: "THROTTLED" });
  });

  test("that is the sender gets its answer in two tries at most", async () => {
    const { relayFrom, sender, triesOf } = assemble();
    sender.answerWith("speaker=", "throttled", "delivered");
    expect(await relayFrom("speaker=", {})).toMatchObject({ answered: "delivered" });
    sender.answerWith("speaker=", "throttled");
    expect(await relayFrom("speaker=", {})).toMatchObject({ answered: "throttled" });
    expect(triesOf("speaker=")).toBe(4);
  });

  test("waits longer before each further try, and each time for another time", async () => {
    const runs: (readonly number[])[] = [];
    for (let run = 0; run < 20; run += 1) {
      const { connect, speak, sender, waits } = assemble();
      connect("bob=", LOBBY);
      sender.answerWith("bob=", "throttled");
      await speak();
      runs.push(waits);
    }
    for (const [retry, bound] of [200, 400, 800, 1600, 3200].entries()) {
      expect(Math.max(...runs.map((waits) => waits[retry] ?? 0))).toBeLessThanOrEqual(bound);
    }
    // Drawn anew each time, so that senders who were throttled together do not come back together.
    expect(new Set(runs.flat()).size).toBe(100);
  });

  test("is not waited for when there is no time for another try", async () => {
    // Of the 25 seconds five are for the answer, and too little of the rest is left for the longest waits.
    const waits: number[] = [];
    const tries: number[] = [];
    for (let run = 0; run < 20; run += 1) {
      const domain = assemble({ clock: () => NOW + 19_000 });
      domain.connect("bob=", LOBBY);
      domain.sender.answerWith("bob=", "throttled");
      const report = await domain.speak();
      expect(report).toMatchObject({ error: "THROTTLED" });
      waits.push(...domain.waits);
      tries.push(domain.triesOf("bob="));
    }
    expect(Math.max(...waits)).toBeLessThan(1000);
    expect(Math.min(...tries)).toBeLessThan(6);
  });

  test("whose turn does not come before the time is over counts as throttled", async () => {
    // The time for deliveries is over once some of the second tries are made.
    const { connect, speak, sender, frames } = assemble({
      clock: () => NOW + (sender.tries.length > 120 ? 21_000 : 0),
    });
    for (let index = 0; index < 100; index += 1) {
      connect(`member${index}=`, LOBBY);
      sender.answerWith(`member${index}=`, "throttled", "delivered");
    }
    await speak();
    const [receipt] = frames("speaker=") as { delivered: number; failed: number }[];
    expect(receipt).toMatchObject({ relay: "receipt", complete: true });
    expect(receipt?.delivered).toBeGreaterThan(0);
    expect(receipt?.delivered).toBeLessThan(100);
    expect(receipt?.failed).toBe(100 - (receipt?.delivered ?? 0));
  });
});
