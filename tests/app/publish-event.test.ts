import { assembleInMemory } from "../support/assemble-in-memory.ts";
import { readEvent } from "../support/read-event.ts";

const WSCAT1 = "C51DherHNjMCI3Q=";
const REQUEST_ID = "6b02c2e0-0123-4567-89ab-cdef01234567";
const NOBODY = { publish: { to: { user: "nobody" }, data: "secret", id: "n1" } };

const inLobby = (connectionId: string, expiresAt: number) => ({
  connectionId,
  channel: "lobby",
  since: 0,
  expiresAt,
  presence: false,
});

describe("The handler, invoked by a backend,", () => {
  test("publishes, and returns the receipt itself", async () => {
    const { sender, store, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    const expiresAt = Date.now() + 60_000;
    await store.add({ connectionId: WSCAT1, registeredAt: 0, expiresAt });
    store.putMembership(inLobby(WSCAT1, expiresAt));
    expect(await invoke(readEvent("publish"))).toEqual({
      relay: "receipt",
      id: "n1",
      delivered: 1,
      gone: 0,
      failed: 0,
      complete: true,
    });
    expect(JSON.parse(sender.inbox(WSCAT1)[0] ?? "")).toMatchObject({
      relay: "message",
      messageId: REQUEST_ID,
      from: { service: "billing" },
      to: { channel: "lobby" },
    });
  });

  test("returns the error itself, and logs its code but nothing of the message", async () => {
    const { logged, invoke } = assembleInMemory();
    expect(await invoke(NOBODY)).toMatchObject({ relay: "error", code: "TARGET_GONE" });
    expect(logged).toEqual([
      { level: "warn", event: "rejected", details: { requestId: REQUEST_ID, code: "TARGET_GONE" } },
    ]);
  });

  test("logs what failed on our side, and how many were not reached for that", async () => {
    const { logged, store, sender, invoke } = assembleInMemory();
    const expiresAt = Date.now() + 60_000;
    for (const connectionId of ["alice=", "bob="]) {
      sender.connect(connectionId);
      await store.add({ connectionId, registeredAt: 0, expiresAt });
      store.putMembership(inLobby(connectionId, expiresAt));
    }
    sender.answerWith("bob=", new Error("The network is away."));
    expect(await invoke(readEvent("publish"))).toMatchObject({ delivered: 1, failed: 1 });
    expect(logged).toMatchObject([
      {
        level: "error",
        event: "failed",
        details: { failure: { message: "The network is away." } },
      },
      { level: "warn", event: "partly delivered", details: { delivered: 1, failed: 1 } },
    ]);
  });

  test("logs why nobody was reached when the table is away", async () => {
    const { logged, store, invoke } = assembleInMemory();
    store.failure = new Error("The store is away.");
    expect(await invoke(NOBODY)).toMatchObject({ code: "UNAVAILABLE" });
    expect(logged).toMatchObject([
      { level: "error", event: "failed", details: { failure: { message: "The store is away." } } },
      { level: "warn", event: "rejected", details: { code: "UNAVAILABLE" } },
    ]);
  });

  test.each([null, 5, "hi", [], {}])(
    "answers the publication %j with INVALID_MESSAGE",
    async (publish) => {
      const { invoke } = assembleInMemory();
      expect(await invoke({ publish })).toMatchObject({
        relay: "error",
        code: "INVALID_MESSAGE",
        requestId: REQUEST_ID,
      });
    },
  );
});

describe("The handler, invoked by a backend for something else,", () => {
  function assemble() {
    const assembly = assembleInMemory();
    const { sender, store } = assembly;
    const expiresAt = Date.now() + 60_000;
    sender.connect("bob=");
    store.connections.set("bob=", {
      connectionId: "bob=",
      user: "bob",
      registeredAt: 0,
      expiresAt,
    });
    store.putMembership({ ...inLobby("bob=", expiresAt), user: "bob" });
    return assembly;
  }

  test("lists the members of a channel", async () => {
    const { invoke, logged } = assemble();
    expect(await invoke(readEvent("backend-members"))).toMatchObject({
      relay: "members",
      channel: "lobby",
      members: [{ connectionId: "bob=", user: "bob", since: 0 }],
    });
    expect(logged).toEqual([]);
  });

  test("takes a user out of a channel", async () => {
    const { invoke, sender, store } = assemble();
    expect(await invoke(readEvent("backend-unsubscribe"))).toMatchObject({ delivered: 1 });
    expect(sender.inbox("bob=")).toEqual(['{"relay":"unsubscribed","channel":"lobby"}']);
    expect(store.memberships).toEqual([]);
  });

  test("closes the connections of a user, and logs nothing of the reason", async () => {
    const { invoke, sender, store, logged } = assemble();
    expect(await invoke(readEvent("backend-disconnect"))).toMatchObject({ delivered: 1 });
    expect(sender.inbox("bob=")).toEqual([
      '{"relay":"closed","reason":"You have been disconnected by an operator."}',
    ]);
    expect(store.connections.size).toBe(0);
    await invoke(readEvent("backend-disconnect"));
    expect(logged).toEqual([
      { level: "warn", event: "rejected", details: { requestId: REQUEST_ID, code: "TARGET_GONE" } },
    ]);
  });

  test("does nothing for an event that asks for two things, and says so", async () => {
    const { invoke, sender, store } = assemble();
    const event = { ...NOBODY, disconnect: { to: { user: "bob" } } };
    expect(await invoke(event)).toEqual({
      relay: "error",
      code: "INVALID_MESSAGE",
      message:
        "The event must have exactly one of the members publish, disconnect, unsubscribe, members, history.",
      id: undefined,
      requestId: REQUEST_ID,
    });
    expect(sender.tries).toEqual([]);
    expect(store.connections.size).toBe(1);
  });
});

describe("No connection can publish as a backend:", () => {
  const publish = { to: { connection: WSCAT1 }, data: 1, from: "billing" };

  test.each(["who-am-i", "unknown-route", "connect", "disconnect"])(
    "an event of API Gateway's stays one, here %s, even with a member publish",
    async (name) => {
      const { sender, invoke } = assembleInMemory();
      sender.connect(WSCAT1);
      expect(await invoke({ ...readEvent(name), publish })).toMatchObject({ statusCode: 200 });
      expect(sender.inbox(WSCAT1).join()).not.toContain("billing");
    },
  );

  test.each(["disconnect", "unsubscribe", "members", "history"])(
    "nor ask for %s: the event stays one of API Gateway's, and nobody is closed",
    async (member) => {
      const { sender, store, invoke } = assembleInMemory();
      sender.connect(WSCAT1);
      const expiresAt = Date.now() + 60_000;
      store.connections.set(WSCAT1, { connectionId: WSCAT1, registeredAt: 0, expiresAt });
      const request = { to: { connection: WSCAT1 }, channel: "lobby" };
      const body = JSON.stringify({ action: "sendMessageRoute", [member]: request });
      for (const event of [
        { ...readEvent("who-am-i"), [member]: request },
        { ...readEvent("who-am-i"), body },
      ]) {
        expect(await invoke(event)).toEqual({ statusCode: 200, body: "Send data!" });
      }
      expect(sender.inbox(WSCAT1)).toEqual([`YOUR ID: ${WSCAT1}`, `YOUR ID: ${WSCAT1}`]);
      expect(store.connections.size).toBe(1);
    },
  );

  test("a message with such a body is a message", async () => {
    const { sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    const body = JSON.stringify({ action: "sendMessageRoute", publish });
    await invoke({ ...readEvent("who-am-i"), body });
    expect(sender.inbox(WSCAT1)).toEqual([`YOUR ID: ${WSCAT1}`]);
  });
});
