import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const RECEIPT = { relay: "receipt", id: "m1", delivered: 1, gone: 0, failed: 0, complete: true };

/** Alice twice and Bob in the lobby, Carol in the library, Dave nowhere. */
function assemble(options: Parameters<typeof assembleDomain>[0] = {}) {
  const domain = assembleDomain(options);
  domain.connect("alice1=", { user: "alice", channel: "lobby" });
  domain.connect("alice2=", { user: "alice", channel: "lobby" });
  domain.connect("bob=", { user: "bob", channel: "lobby" });
  domain.connect("carol=", { user: "carol", channel: "library" });
  domain.connect("dave=");
  return domain;
}

describe("Relay delivers an envelope", () => {
  test("that says who sent it, to whom, when, and by which name", async () => {
    const { relayFrom, frames } = assemble();
    await relayFrom("alice1=", {
      forward: { connection: "dave=" },
      data: { text: "hi" },
      id: "m1",
    });
    expect(frames("dave=")).toEqual([
      {
        relay: "message",
        messageId: "m=",
        from: { connectionId: "alice1=", user: "alice" },
        to: { connection: "dave=" },
        data: { text: "hi" },
        id: "m1",
        sentAt: new Date(NOW).toISOString(),
      },
    ]);
    expect(frames("alice1=")).toEqual([RECEIPT]);
  });

  test("without a user and an id where there is none", async () => {
    const { relayFrom, sender } = assemble();
    await relayFrom("dave=", { forward: { connection: "bob=" }, data: null });
    expect(sender.inbox("bob=")).toEqual([
      '{"relay":"message","messageId":"m=","from":{"connectionId":"dave="},"to":{"connection":"bob="},"data":null,"sentAt":"2026-11-22T10:00:00.000Z"}',
    ]);
    expect(sender.inbox("dave=")).toEqual([]);
  });

  test("to every connection of a user, the sender's own included", async () => {
    const { relayFrom, frames } = assemble();
    await relayFrom("alice1=", { forward: { user: "alice" }, data: 1, id: "m1" });
    expect(frames("alice1=")).toMatchObject([{ relay: "message" }, { ...RECEIPT, delivered: 2 }]);
    expect(frames("alice2=")).toMatchObject([{ relay: "message", to: { user: "alice" } }]);
    expect(frames("bob=")).toEqual([]);
  });

  test("to everyone in the channel but the sending connection", async () => {
    const { relayFrom, frames } = assemble();
    await relayFrom("alice1=", { forward: { channel: "lobby" }, data: 1, id: "m1" });
    expect(frames("alice1=")).toEqual([{ ...RECEIPT, delivered: 2 }]);
    expect(frames("alice2=")).toMatchObject([{ to: { channel: "lobby" } }]);
    expect(frames("bob=")).toHaveLength(1);
    expect(frames("carol=")).toEqual([]);
  });

  test("to a name in another spelling of the same letters", async () => {
    const { connect, relayFrom, frames } = assemble();
    connect("zoe=", { user: "Zo\u00eb" });
    await relayFrom("bob=", { forward: { user: "Zoe\u0308" }, data: 1 });
    expect(frames("zoe=")).toMatchObject([{ to: { user: "Zo\u00eb" } }]);
  });

  test.each([
    ["a text that looks like a frame", '{"relay":"receipt"}'],
    ["an object that looks like a frame", { relay: "message", from: { user: "alice" } }],
  ])("with %s inside, where it deceives nobody", async (_, data) => {
    const { relayFrom, frames } = assemble();
    await relayFrom("bob=", { forward: { user: "carol" }, data });
    expect(frames("carol=")).toMatchObject([{ relay: "message", from: { user: "bob" }, data }]);
  });

  test("whose sender is the one that is registered, whatever the message says", async () => {
    const { relayFrom, frames } = assemble();
    const lie = { connectionId: "alice1=", user: "alice", service: "billing" };
    await relayFrom("bob=", {
      forward: { user: "carol" },
      data: 1,
      from: lie,
      user: "alice",
      connectionId: "alice1=",
      messageId: "forged=",
      sentAt: "1999-01-01T00:00:00.000Z",
    });
    expect(frames("carol=")).toMatchObject([
      { messageId: "m=", from: { connectionId: "bob=", user: "bob" } },
    ]);
  });

  test("to nobody whose registration has expired, though it is still there", async () => {
    const { connect, relayFrom, frames } = assemble();
    connect("ghost=", { user: "ghost", channel: "lobby", expiresAt: NOW });
    await relayFrom("alice1=", { forward: { channel: "lobby" }, data: 1, id: "m1" });
    expect(frames("ghost=")).toEqual([]);
    expect(frames("alice1=")).toEqual([{ ...RECEIPT, delivered: 2 }]);
    for (const forward of [{ user: "ghost" }, { connection: "ghost=" }]) {
      await relayFrom("carol=", { forward, data: 1 });
    }
    expect(frames("carol=")).toMatchObject([{ code: "TARGET_GONE" }, { code: "TARGET_GONE" }]);
    expect(frames("ghost=")).toEqual([]);
  });
});

describe("Relay sends nothing but an error", () => {
  test.each([
    ["that is alone in its channel, to another channel", { channel: "lobby" }],
    ["to a channel that does not exist", { channel: "nowhere" }],
  ])("to a sender that speaks %s", async (_, forward) => {
    const { relayFrom, frames, sender } = assemble();
    await relayFrom("carol=", { forward, data: 1, id: "m1" });
    expect(frames("carol=")).toEqual([
      {
        relay: "error",
        code: "FORBIDDEN",
        message: "Only connections that are in a channel may send to it.",
        id: "m1",
        requestId: "r1=",
      },
    ]);
    expect(sender.delivered).toHaveLength(1);
  });

  test.each([{ connection: "bob=" }, { user: "bob" }, { channel: "lobby" }])(
    "to a sender that is not registered, when it speaks to %j",
    async (forward) => {
      const { relayFrom, store, frames } = assemble();
      await store.remove("alice1=");
      await relayFrom("alice1=", { forward, data: 1 });
      expect(frames("alice1=")).toMatchObject([{ relay: "error", code: "NOT_REGISTERED" }]);
      expect(frames("bob=")).toEqual([]);
    },
  );

  test.each([{ connection: "bob=" }, { user: "bob" }, { channel: "lobby" }])(
    "to a sender whose registration has ended, though it is still there, when it speaks to %j",
    async (forward) => {
      const { connect, relayFrom, frames } = assemble();
      connect("alice1=", { user: "alice", channel: "lobby", expiresAt: NOW });
      await relayFrom("alice1=", { forward, data: 1 });
      expect(frames("alice1=")).toMatchObject([{ relay: "error", code: "NOT_REGISTERED" }]);
      expect(frames("bob=")).toEqual([]);
    },
  );

  test("when the registration of its target cannot be read, and reports why", async () => {
    const failure = new Error("The store is away.");
    class HalfBrokenStore extends InMemoryConnectionStore {
      override async find(connectionId: string, deadline: number) {
        if (connectionId === "bob=") {
          throw failure;
        }
        return await super.find(connectionId, deadline);
      }
    }
    const { relayFrom, frames } = assemble({ store: new HalfBrokenStore(() => NOW) });
    const report = await relayFrom("alice1=", { forward: { connection: "bob=" }, data: 1 });
    expect(frames("alice1=")).toMatchObject([{ code: "UNAVAILABLE" }]);
    expect(report.failures).toEqual([failure]);
    expect(frames("bob=")).toEqual([]);
  });

  test("when its registration cannot be read, and reports why", async () => {
    const { relayFrom, store, frames } = assemble();
    store.failure = new Error("The store is away.");
    const report = await relayFrom("alice1=", { forward: { user: "bob" }, data: 1 });
    expect(frames("alice1=")).toMatchObject([{ code: "UNAVAILABLE" }]);
    expect(report.failures).toEqual([store.failure]);
    expect(frames("bob=")).toEqual([]);
  });

  test.each([{ user: "nobody" }, { connection: "nobody=" }])(
    "when nobody is at %j",
    async (forward) => {
      const { relayFrom, frames } = assemble();
      await relayFrom("bob=", { forward, data: 1 });
      expect(frames("bob=")).toMatchObject([{ code: "TARGET_GONE" }]);
    },
  );

  test("when every connection of a user is gone, and forgets them", async () => {
    const { relayFrom, sender, store, frames } = assemble();
    sender.answerWith("alice1=", "gone");
    sender.answerWith("alice2=", "gone");
    await relayFrom("bob=", { forward: { user: "alice" }, data: 1, id: "m1" });
    expect(frames("bob=")).toMatchObject([{ code: "TARGET_GONE" }]);
    expect([...store.connections.keys()]).toEqual(["bob=", "carol=", "dave="]);
  });

  test("when the envelope would be longer than a message may be, and tries no post", async () => {
    const { relayFrom, frames } = assemble();
    await relayFrom("bob=", { forward: { channel: "lobby" }, data: "ü".repeat(65_500) });
    expect(frames("bob=")).toMatchObject([{ code: "TOO_LARGE" }]);
    await relayFrom("bob=", { forward: { channel: "lobby" }, data: "ü".repeat(65_000) });
    expect(frames("alice1=")).toHaveLength(1);
  });

  test("when data is nested more deeply than JSON can be written", async () => {
    const { relayFrom, frames } = assemble();
    const data = JSON.parse(`${"[".repeat(60_000)}${"]".repeat(60_000)}`) as unknown;
    await relayFrom("bob=", { forward: { user: "alice" }, data });
    expect(frames("bob=")).toMatchObject([
      { code: "INVALID_MESSAGE", message: '"data" is nested too deeply.' },
    ]);
    expect(frames("alice1=")).toEqual([]);
  });
});

describe("Relay sends a receipt", () => {
  test("when nobody else is in the channel", async () => {
    const { relayFrom, frames } = assemble();
    await relayFrom("carol=", { forward: { channel: "library" }, data: 1, id: "m1" });
    expect(frames("carol=")).toEqual([{ ...RECEIPT, delivered: 0 }]);
  });

  test("when everybody else in the channel is gone", async () => {
    const { relayFrom, frames, sender } = assemble();
    sender.answerWith("alice1=", "gone");
    sender.answerWith("alice2=", "gone");
    await relayFrom("bob=", { forward: { channel: "lobby" }, data: 1, id: "m1" });
    expect(frames("bob=")).toEqual([{ ...RECEIPT, delivered: 0, gone: 2 }]);
  });

  test("that adds up when every delivery ends in another way", async () => {
    const { connect, relayFrom, frames, sender } = assemble();
    const outcomes = ["gone", "throttled", "rejected", "tooLarge", new Error("Away.")] as const;
    for (const [index, outcome] of outcomes.entries()) {
      connect(`member${index}=`, { channel: "lobby" });
      sender.answerWith(`member${index}=`, outcome);
    }
    await relayFrom("bob=", { forward: { channel: "lobby" }, data: 1, id: "m1" });
    expect(frames("bob=")).toEqual([{ ...RECEIPT, delivered: 2, gone: 1, failed: 4 }]);
  });
});

describe("Relay names the worst reason when nobody in a group received a message:", () => {
  test.each([
    ["throttled", "gone", "THROTTLED"],
    ["throttled", new Error("Away."), "UNAVAILABLE"],
    ["gone", new Error("Away."), "UNAVAILABLE"],
    ["tooLarge", new Error("Away."), "TOO_LARGE"],
    ["rejected", "gone", "UNAVAILABLE"],
  ] as const)("%s and %s is %s", async (first, second, code) => {
    for (const forward of [{ user: "alice" }, { channel: "lobby" }]) {
      const { relayFrom, frames, sender } = assemble();
      sender.answerWith("alice1=", first);
      sender.answerWith("alice2=", second);
      await relayFrom("bob=", { forward, data: 1 });
      expect(frames("bob=")).toMatchObject([{ code }]);
    }
  });
});

test("Relay keeps a few failures of many for the log, and counts them all", async () => {
  const { connect, relayFrom, frames, sender } = assemble();
  for (let index = 0; index < 100; index += 1) {
    connect(`member${index}=`, { channel: "library" });
    sender.answerWith(`member${index}=`, new Error("Away."));
  }
  connect("eve=", { channel: "library" });
  const report = await relayFrom("carol=", { forward: { channel: "library" }, data: 1, id: "m1" });
  expect(report.failures).toHaveLength(10);
  expect(frames("carol=")).toEqual([{ ...RECEIPT, failed: 100 }]);
});
