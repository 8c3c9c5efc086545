import { assembleDomain, NOW } from "./assemble-domain.ts";

const RECEIPT = { relay: "receipt", id: "n1", delivered: 2, gone: 0, failed: 0, complete: true };

function assemble() {
  const domain = assembleDomain();
  domain.connect("alice=", { user: "alice", channel: "lobby" });
  domain.connect("bob=", { user: "bob", channel: "lobby" });
  return domain;
}

describe("Publish", () => {
  test("delivers to a channel without being in it, from the service that it names", async () => {
    const { publish, frames } = assemble();
    const report = await publish({
      to: { channel: "lobby" },
      data: { text: "hi" },
      id: "n1",
      from: "billing",
    });
    expect(report).toMatchObject({ answer: RECEIPT, failures: [] });
    for (const connectionId of ["alice=", "bob="]) {
      expect(frames(connectionId)).toEqual([
        {
          relay: "message",
          messageId: "r2",
          from: { service: "billing" },
          to: { channel: "lobby" },
          data: { text: "hi" },
          id: "n1",
          sentAt: new Date(NOW).toISOString(),
        },
      ]);
    }
  });

  test.each([{ user: "bob" }, { connection: "bob=" }])("delivers to %j", async (to) => {
    const { publish, frames } = assemble();
    const { answer } = await publish({ to, data: null });
    expect(frames("bob=")).toMatchObject([{ from: {}, to, data: null }]);
    expect(frames("alice=")).toEqual([]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      relay: "receipt",
      delivered: 1,
      gone: 0,
      failed: 0,
      complete: true,
    });
  });

  test("returns a receipt for a channel in which nobody is", async () => {
    const { publish } = assemble();
    const { answer } = await publish({ to: { channel: "nowhere" }, data: 1, id: "n1" });
    expect(answer).toEqual({ ...RECEIPT, delivered: 0 });
  });

  test.each([{ user: "nobody" }, { connection: "nobody=" }])(
    "returns TARGET_GONE when nobody is at %j",
    async (to) => {
      const { publish } = assemble();
      expect((await publish({ to, data: 1, id: "n1" })).answer).toEqual({
        relay: "error",
        code: "TARGET_GONE",
        message: expect.any(String),
        id: "n1",
        requestId: "r2",
      });
    },
  );

  test.each([{ user: "ghost" }, { connection: "ghost=" }, { channel: "attic" }])(
    "delivers nothing to %j, whose registration has ended but is still there",
    async (to) => {
      const { connect, publish, frames } = assemble();
      connect("ghost=", { user: "ghost", channel: "attic", expiresAt: NOW });
      const { answer } = await publish({ to, data: 1, id: "n1" });
      expect(answer).toMatchObject(
        "channel" in to ? { ...RECEIPT, delivered: 0 } : { code: "TARGET_GONE" },
      );
      expect(frames("ghost=")).toEqual([]);
    },
  );

  test("takes all the time that the invocation has, and no more", async () => {
    const { publish, store, sender } = assemble();
    sender.answerWith("bob=", "gone");
    await publish({ to: { channel: "lobby" }, data: 1 });
    // The page, and of the gone one what there is of it and its removal.
    expect(store.deadlines).toEqual(Array(5).fill(NOW + 25_000));
  });

  test("returns UNAVAILABLE when the store fails, and reports why", async () => {
    const { publish, store } = assemble();
    store.failure = new Error("The store is away.");
    const { answer, failures } = await publish({ to: { user: "bob" }, data: 1 });
    expect(answer).toMatchObject({ code: "UNAVAILABLE" });
    expect(failures).toEqual([store.failure]);
  });

  test.each<[string, unknown, RegExp]>([
    ["null", null, /"publish" must be/],
    ["a list", [], /"publish" must be/],
    ["a text", "hi", /"publish" must be/],
    ["no target", { data: 1 }, /"to" must have exactly one member/],
    ["a text as target", { to: "alice=", data: 1 }, /"to" must have exactly one member/],
    ["two targets", { to: { user: "a", channel: "b" }, data: 1 }, /"to" must have exactly one/],
    ["an unknown target", { to: { everybody: true }, data: 1 }, /"to" must have one of/],
    [
      "a channel that is not a valid name",
      { to: { channel: "" }, data: 1 },
      /"to" has a "channel"/,
    ],
    [
      "a connection that is not a valid id",
      { to: { connection: ".." }, data: 1 },
      /"to" has a "connection"/,
    ],
    ["no data", { to: { user: "bob" } }, /"data" is missing/],
    ["an empty id", { to: { user: "bob" }, data: 1, id: "" }, /"id" must be/],
    [
      "a service that is not a valid name",
      { to: { user: "bob" }, data: 1, from: "" },
      /"from" must be/,
    ],
    ["null as service", { to: { user: "bob" }, data: 1, from: null }, /"from" must be/],
    ["deep data", { to: { user: "bob" }, data: nested() }, /nested too deeply/],
  ])("rejects %s, and sends nothing", async (_, publication, sentence) => {
    const { publish, sender } = assemble();
    expect((await publish(publication)).answer).toMatchObject({
      relay: "error",
      code: "INVALID_MESSAGE",
      message: expect.stringMatching(sentence),
      requestId: "r2",
    });
    expect(sender.delivered).toEqual([]);
  });
});

function nested(): unknown {
  return JSON.parse(`${"[".repeat(60_000)}${"]".repeat(60_000)}`);
}
