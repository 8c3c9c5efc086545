import { InMemoryTokenVerifier } from "../support/in-memory-token-verifier.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

/** Tokens open connections. */
const TOKENS = {
  verifier: new InMemoryTokenVerifier(),
  userClaim: "sub",
  channelsClaim: undefined,
};

function assemble() {
  const domain = assembleDomain();
  domain.sender.connect("alice=");
  domain.sender.connect("bob=");
  const fromAlice = (message: unknown) => domain.relayFrom("alice=", message);
  const answer = () => JSON.parse(domain.sender.inbox("alice=")[0] ?? "null") as unknown;
  return { ...domain, fromAlice, answer };
}

describe("Relay answers who am I", () => {
  test("with the connection id as text", async () => {
    const { sender, fromAlice } = assemble();
    const report = await fromAlice({ action: "sendMessageRoute", data: "who am i" });
    expect(sender.inbox("alice=")).toEqual(["YOUR ID: alice="]);
    expect(report).toEqual({
      error: undefined,
      summary: undefined,
      answered: "delivered",
      failures: [],
    });
  });

  test("as well when forward is null", async () => {
    const { sender, fromAlice } = assemble();
    await fromAlice({ forward: null });
    expect(sender.inbox("alice=")).toEqual(["YOUR ID: alice="]);
  });

  test("with a frame of its own when the message has an id, from one read of the registration", async () => {
    const { connect, sender, store, fromAlice } = assemble();
    const expiresAt = NOW + 7_000_000;
    connect("alice=", { user: "alice", channel: "lobby", expiresAt });
    await fromAlice({ id: "m1" });
    expect(sender.inbox("alice=")).toEqual([
      '{"relay":"id","id":"m1","connectionId":"alice=","user":"alice","expiresIn":7000,"channels":[{"channel":"lobby","expiresIn":7000}]}',
    ]);
    expect(store.deadlines).toHaveLength(1);
  });

  test("without a user and with no channel where there is none, and in whole seconds that are left", async () => {
    const { sender, relayFrom, connect } = assembleDomain({ clock: () => NOW + 100 });
    connect("alice=", { expiresAt: NOW + 1000 });
    await relayFrom("alice=", { id: "m1" });
    expect(sender.inbox("alice=")).toEqual([
      '{"relay":"id","id":"m1","connectionId":"alice=","expiresIn":0,"channels":[]}',
    ]);
  });

  test("with NOT_REGISTERED when the message has an id and the registration is lost or has ended", async () => {
    const { connect, store, fromAlice, frames } = assemble();
    connect("alice=", { user: "alice", expiresAt: NOW });
    await fromAlice({ id: "m1" });
    store.connections.clear();
    await fromAlice({ id: "m1" });
    const error = {
      relay: "error",
      code: "NOT_REGISTERED",
      message: "The relay does not know this connection, or its token has expired: connect again.",
      id: "m1",
      requestId: "r1=",
    };
    expect(frames("alice=")).toEqual([error, error]);
    expect(store.deadlines).toHaveLength(2);
  });

  test("with UNAVAILABLE when the message has an id and the store fails", async () => {
    const { store, fromAlice, answer } = assemble();
    store.failure = new Error("The store is away.");
    const { failures } = await fromAlice({ id: "m1" });
    expect(answer()).toMatchObject({ relay: "error", code: "UNAVAILABLE", id: "m1" });
    expect(failures).toEqual([store.failure]);
  });

  test("as text without a look at the store", async () => {
    const { store, sender, fromAlice } = assemble();
    store.failure = new Error("The store is away.");
    await fromAlice({});
    expect(sender.inbox("alice=")).toEqual(["YOUR ID: alice="]);
    expect(store.deadlines).toEqual([]);
  });
});

describe("Relay forwards to a connection", () => {
  test.each<[string, unknown, string]>([
    ["a string exactly as it is", '  "Hello" wscat2! \n', '  "Hello" wscat2! \n'],
    ["an empty string", "", ""],
    ["null as JSON", null, "null"],
    ["false as JSON", false, "false"],
    ["a number as JSON", 1.5, "1.5"],
    ["an object as JSON", { text: "hi" }, '{"text":"hi"}'],
    ["a list as JSON, whatever its members have", [{ relay: 1 }], '[{"relay":1}]'],
    ["a text about the relay", 'the "relay" is {"relay"', 'the "relay" is {"relay"'],
  ])("%s", async (_, data, text) => {
    const { sender, fromAlice } = assemble();
    const report = await fromAlice({ data, forward: "bob=" });
    expect(sender.inbox("bob=")).toEqual([text]);
    expect(sender.inbox("alice=")).toEqual([]);
    expect(report.answered).toBeUndefined();
  });

  test("and sends a receipt when the message has an id", async () => {
    const { sender, fromAlice } = assemble();
    await fromAlice({ data: "hi", forward: "bob=", id: "m1" });
    expect(sender.inbox("bob=")).toEqual(["hi"]);
    expect(sender.inbox("alice=")).toEqual([
      '{"relay":"receipt","id":"m1","delivered":1,"gone":0,"failed":0,"complete":true}',
    ]);
  });

  test("and to the sender itself", async () => {
    const { sender, fromAlice } = assemble();
    await fromAlice({ data: "note", forward: "alice=" });
    expect(sender.inbox("alice=")).toEqual(["note"]);
  });

  test("and ignores members that it does not know", async () => {
    const { sender, fromAlice } = assemble();
    await fromAlice(JSON.parse('{"data":1,"forward":"bob=","__proto__":{"id":5},"more":[]}'));
    expect(sender.inbox("bob=")).toEqual(["1"]);
  });
});

describe("Relay forwards to a connection id", () => {
  const forward = { data: "hi", forward: "bob=", id: "m1" };

  test("whatever has become of the target's registration", async () => {
    const { connect, sender, fromAlice } = assemble();
    connect("bob=", { expiresAt: NOW });
    await fromAlice(forward);
    expect(sender.inbox("bob=")).toEqual(["hi"]);
  });

  test("for a registered sender, where tokens open connections", async () => {
    const { connect, sender, relayFrom, store } = assembleDomain({ authentication: TOKENS });
    connect("alice=");
    sender.connect("bob=");
    await relayFrom("alice=", forward);
    expect(sender.inbox("bob=")).toEqual(["hi"]);
    expect(store.deadlines).toHaveLength(1);
  });

  test("for nobody else there, and says NOT_REGISTERED, or UNAVAILABLE when the store fails", async () => {
    const { connect, sender, relayFrom, store, frames } = assembleDomain({
      authentication: TOKENS,
    });
    sender.connect("bob=");
    connect("alice=", { expiresAt: NOW });
    await relayFrom("alice=", forward);
    store.connections.clear();
    await relayFrom("alice=", forward);
    store.failure = new Error("The store is away.");
    await relayFrom("alice=", forward);
    expect(frames("alice=")).toMatchObject([
      { code: "NOT_REGISTERED", id: "m1" },
      { code: "NOT_REGISTERED", id: "m1" },
      { code: "UNAVAILABLE", id: "m1" },
    ]);
    expect(sender.inbox("bob=")).toEqual([]);
  });

  test("for nobody at all, and says FORBIDDEN, where data travels in envelopes only", async () => {
    const { connect, relayFrom, store, frames } = assembleDomain({ rawForward: false });
    connect("alice=");
    connect("bob=");
    await relayFrom("alice=", forward);
    expect(frames("alice=")).toEqual([
      {
        relay: "error",
        code: "FORBIDDEN",
        message: 'A connection id as "forward" is not allowed here: use {"connection":"…"}.',
        id: "m1",
        requestId: "r1=",
      },
    ]);
    expect(store.deadlines).toEqual([]);
    await relayFrom("alice=", { ...forward, forward: { connection: "bob=" } });
    expect(frames("bob=")).toMatchObject([{ relay: "message", data: "hi" }]);
  });
});

describe("Relay reports to the sender why nobody received its message", () => {
  test.each([
    ["gone", "TARGET_GONE", /no connection/],
    ["tooLarge", "TOO_LARGE", /128 KB/],
    ["throttled", "THROTTLED", /again later/],
    ["rejected", "INVALID_MESSAGE", /not accept this as a connection id/],
    [new Error("The network is away."), "UNAVAILABLE", /may have arrived/],
  ] as const)("when the target is %s: %s", async (outcome, code, sentence) => {
    const { sender, fromAlice, answer } = assemble();
    sender.answerWith("bob=", outcome);
    const report = await fromAlice({ data: "hi", forward: "bob=", id: "m1" });
    expect(answer()).toEqual({
      relay: "error",
      code,
      message: expect.stringMatching(sentence),
      id: "m1",
      requestId: "r1=",
    });
    expect(report.error).toBe(code);
    expect(report.failures).toEqual(outcome instanceof Error ? [outcome] : []);
  });

  test("in a frame without an id when the message had none", async () => {
    const { sender, fromAlice, answer } = assemble();
    sender.answerWith("bob=", "gone");
    await fromAlice({ data: "hi", forward: "bob=" });
    expect(answer()).not.toHaveProperty("id");
  });

  test("and reports it, without rejecting, when the sender cannot be reached either", async () => {
    const { sender, fromAlice } = assemble();
    const failure = new Error("The network is away.");
    sender.answerWith("alice=", failure);
    expect(await fromAlice({ data: "hi", forward: 5 })).toMatchObject({
      error: "INVALID_MESSAGE",
      answered: "failed",
      failures: [failure],
    });
  });
});

describe("Relay forgets a connection that is gone", () => {
  test("when it was registered at least 30 seconds ago", async () => {
    const { store, fromAlice } = assemble();
    await store.add({ connectionId: "carol=", registeredAt: NOW - 30_000, expiresAt: 0 });
    await fromAlice({ data: "hi", forward: "carol=" });
    expect([...store.connections.keys()]).toEqual([]);
  });

  test("but not within its first 30 seconds, when it may still be connecting", async () => {
    const { store, fromAlice } = assemble();
    await store.add({ connectionId: "carol=", registeredAt: NOW - 29_999, expiresAt: 0 });
    await fromAlice({ data: "hi", forward: "carol=" });
    expect([...store.connections.keys()]).toEqual(["carol="]);
  });

  test("also when it is the sender, whom the answer no longer reaches", async () => {
    const { store, sender, fromAlice } = assemble();
    await store.add({ connectionId: "alice=", registeredAt: 0, expiresAt: 0 });
    sender.answerWith("alice=", "gone");
    await fromAlice({});
    expect([...store.connections.keys()]).toEqual([]);
  });

  test("and still says TARGET_GONE when the store fails, with the failure in the report", async () => {
    const { store, fromAlice } = assemble();
    store.failure = new Error("The store is away.");
    expect(await fromAlice({ data: "hi", forward: "carol=" })).toMatchObject({
      error: "TARGET_GONE",
      answered: "delivered",
      failures: [store.failure],
    });
  });
});
