import { assembleInMemory } from "../support/assemble-in-memory.ts";
import { readEvent } from "../support/read-event.ts";

const IDS = ["a=", "b=", "c=", "d=", "e="];
const SLICE = {
  kind: "slice",
  message: { key: "r1=", to: { channel: "lobby" }, text: "hi" },
  after: "",
  ids: ["a="],
  startAt: 0,
  expiresAt: 8e12,
};

/** The function, for which more than three targets are many, and a channel of five. */
async function assemble() {
  const relay = assembleInMemory({ fanOutSizes: { ownTargets: 3, sliceTargets: 2 } });
  const expiresAt = Date.now() + 60_000;
  for (const connectionId of IDS) {
    relay.sender.connect(connectionId);
    await relay.store.add({ connectionId, registeredAt: 0, expiresAt });
    const membership = { connectionId, channel: "lobby", since: 0, expiresAt };
    relay.store.putMembership({ ...membership, presence: false });
  }
  return relay;
}

describe("The handler, with a message to many,", () => {
  test("hands it to itself in parts, and returns a receipt that adds up", async () => {
    const { invoke, jobs, sender, logged } = await assemble();
    expect(await invoke(readEvent("publish"))).toMatchObject({ delivered: 5, complete: true });
    expect(jobs.added).toHaveLength(3);
    expect(IDS.map((id) => sender.inbox(id).length)).toEqual([1, 1, 1, 1, 1]);
    expect(logged).toEqual([]);
  });

  test("logs whom a part did not reach, under the request that took the message", async () => {
    const { invoke, sender, logged } = await assemble();
    sender.answerWith("a=", new Error("Away."));
    await invoke(readEvent("publish"));
    const requestId = "6b02c2e0-0123-4567-89ab-cdef01234567";
    expect(logged).toMatchObject([
      { event: "failed", details: { requestId, failure: { message: "Away." } } },
      { event: "partly delivered", details: { requestId, delivered: 1, failed: 1 } },
      { event: "partly delivered", details: { requestId, delivered: 4, failed: 1 } },
    ]);
  });

  test("returns nothing to itself", async () => {
    const { invoke, sender } = await assemble();
    expect(await invoke({ fanOut: SLICE })).toBeUndefined();
    expect(sender.inbox("a=")).toEqual(["hi"]);
  });
});

describe("The handler rejects as a part of a message", () => {
  const { message } = SLICE;
  test.each([
    1,
    null,
    {},
    { ...SLICE, kind: "other" },
    { ...SLICE, message: undefined },
    { ...SLICE, message: { ...message, text: 1 } },
    { ...SLICE, message: { ...message, key: undefined } },
    { ...SLICE, message: { ...message, to: {} } },
    { ...SLICE, ids: "a=" },
    { ...SLICE, ids: ["../admin"] },
    { ...SLICE, after: 1 },
    { ...SLICE, startAt: "0" },
    { ...SLICE, expiresAt: null },
    { kind: "rest", message },
    { kind: "rest", message, depth: 1.5 },
  ])("%j", async (fanOut) => {
    const { invoke, sender } = await assemble();
    expect(await invoke({ fanOut })).toMatchObject({
      relay: "error",
      code: "INVALID_MESSAGE",
      message: '"fanOut" is for the relay itself: use "publish".',
    });
    expect(sender.delivered).toEqual([]);
  });

  test("what comes together with a backend's request", async () => {
    const { invoke, sender } = await assemble();
    const publish = { to: { channel: "lobby" }, data: 1 };
    expect(await invoke({ fanOut: SLICE, publish })).toMatchObject({ code: "INVALID_MESSAGE" });
    expect(sender.delivered).toEqual([]);
  });

  test("nothing that a connection sends: it is a message, whatever is in it", async () => {
    const { invoke, sender } = await assemble();
    const event = readEvent("forward") as { readonly requestContext: object };
    await invoke({ ...event, fanOut: SLICE, body: JSON.stringify({ fanOut: SLICE }) });
    expect(sender.inbox("a=")).toEqual([]);
  });
});
