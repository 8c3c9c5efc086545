import { MessageLimit } from "../../src/domain/message-limit.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

/** Alice and Bob in the lobby, who may send three messages a minute. */
function assemble() {
  let now = NOW;
  const domain = assembleDomain({ clock: () => now, end: () => now + 25_000 });
  const { store, connect } = domain;
  const limit = new MessageLimit(domain.parts, 3);
  const relay = limit.limit(domain.relay);
  for (const connectionId of ["alice=", "bob="]) {
    connect(connectionId, { channel: "lobby", expiresAt: NOW + 3_600_000 });
  }
  const speak = (connectionId: string, members: object = {}) =>
    relay.execute({
      connectionId,
      messageId: "m=",
      requestId: "r1=",
      message: { forward: { channel: "lobby" }, data: 1, ...members },
      deadline: now + 25_000,
    });
  const asked: string[] = [];
  store.beforeAccess = (access) => asked.push(access);
  return {
    ...domain,
    asked,
    speak,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe("A limit on messages", () => {
  test("lets each connection send so many a minute, and rejects more of them", async () => {
    const { speak, frames, pass } = assemble();
    for (let index = 0; index < 5; index += 1) {
      await speak("alice=", { id: `m${index}` });
    }
    await speak("bob=");
    expect(frames("bob=")).toHaveLength(3);
    const answers = frames("alice=").filter((it) => Object(it).relay !== "message");
    expect(answers).toMatchObject([
      { relay: "receipt", id: "m0" },
      { relay: "receipt", id: "m1" },
      { relay: "receipt", id: "m2" },
      { relay: "error", code: "RATE_LIMITED", id: "m3" },
    ]);
    expect(frames("alice=").at(-1)).toMatchObject({ relay: "message", data: 1 });
    pass(60_000);
    await speak("alice=");
    expect(frames("bob=")).toHaveLength(4);
  });

  test("answers once a second, and else rejects in silence", async () => {
    const { speak, sender, pass } = assemble();
    const codes: unknown[] = [];
    for (const wait of [0, 0, 0, 0, 0, 999, 1, 0]) {
      pass(wait);
      codes.push((await speak("alice=")).error);
    }
    const none = undefined;
    expect(codes).toEqual([none, none, none, "RATE_LIMITED", none, none, "RATE_LIMITED", none]);
    expect(sender.tries.filter((it) => it === "send alice=")).toHaveLength(2);
  });

  test("proves the registration: the sender is not read again, and a stranger is NOT_REGISTERED", async () => {
    const { speak, sender, asked, frames } = assemble();
    await speak("alice=", { forward: { connection: "bob=" } });
    expect(asked).toEqual(["count message", "get registration"]);
    sender.connect("stranger=");
    await speak("stranger=", { forward: "alice=", id: "m1" });
    expect(frames("stranger=")).toMatchObject([{ code: "NOT_REGISTERED", id: "m1" }]);
    expect(frames("alice=")).toEqual([]);
  });

  test("answers each of those who are not registered, once a second, whoever else is limited", async () => {
    const { speak, sender, asked, frames, pass } = assemble();
    for (let index = 0; index < 4; index += 1) {
      await speak("alice=");
    }
    asked.length = 0;
    const lost = ["lost=", "ended="];
    lost.map((id) => sender.connect(id));
    for (const wait of [0, 999, 1]) {
      pass(wait);
      for (const id of lost) {
        await speak(id, { id: "m1" });
        await speak("alice=");
      }
    }
    for (const id of lost) {
      const error = { relay: "error", code: "NOT_REGISTERED", id: "m1" };
      expect(frames(id)).toMatchObject([error, error]);
    }
    expect(frames("alice=")).toMatchObject([{ code: "RATE_LIMITED" }, { code: "RATE_LIMITED" }]);
    expect(new Set(asked)).toEqual(new Set(["count message"]));
  });

  test("does not read the registration of a member that sends to another channel", async () => {
    const { speak, asked, frames } = assemble();
    await speak("alice=", { forward: { channel: "library" } });
    expect(frames("alice=")).toMatchObject([{ code: "FORBIDDEN" }]);
    expect(asked).toEqual(["count message", "get membership"]);
  });

  test("answers UNAVAILABLE, and sends nothing, when the table cannot count", async () => {
    const { speak, store, frames } = assemble();
    store.failure = new Error("The table is away.");
    const report = await speak("alice=", { id: "m1" });
    expect(report).toMatchObject({ error: "UNAVAILABLE", failures: [store.failure] });
    expect(frames("alice=")).toMatchObject([{ code: "UNAVAILABLE", id: "m1" }]);
    expect(frames("bob=")).toEqual([]);
  });
});

describe("A limit on the length of messages to groups", () => {
  const long = { data: "x".repeat(2000), id: "m1" };

  test.each([{ user: "bob" }, { channel: "lobby" }])(
    "answers TOO_LARGE to a longer one to %j, and delivers what is short enough",
    async (forward) => {
      const { connect, relayFrom, publish, frames } = assembleDomain({ groupMessageBytes: 2000 });
      connect("alice=", { channel: "lobby" });
      connect("bob=", { user: "bob", channel: "lobby" });
      await relayFrom("alice=", { forward, ...long });
      expect(frames("alice=")).toMatchObject([
        { code: "TOO_LARGE", message: expect.stringContaining("to a user or a channel") },
      ]);
      expect((await publish({ to: forward, ...long })).answer).toMatchObject({ code: "TOO_LARGE" });
      expect(frames("bob=")).toEqual([]);
      await relayFrom("alice=", { forward, data: "x".repeat(1500) });
      expect(frames("bob=")).toHaveLength(1);
    },
  );

  test("counts bytes, and does not hold for one connection", async () => {
    const { connect, relayFrom, frames } = assembleDomain({ groupMessageBytes: 2000 });
    connect("alice=", { channel: "lobby" });
    connect("bob=", { user: "bob", channel: "lobby" });
    await relayFrom("alice=", { forward: { channel: "lobby" }, data: "ü".repeat(950) });
    expect(frames("alice=")).toMatchObject([{ code: "TOO_LARGE" }]);
    await relayFrom("alice=", { forward: { connection: "bob=" }, ...long });
    await relayFrom("alice=", { forward: "bob=", ...long });
    expect(frames("alice=")).toMatchObject([
      { code: "TOO_LARGE" },
      { relay: "receipt" },
      { relay: "receipt" },
    ]);
  });
});
