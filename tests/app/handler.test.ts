import { assembleInMemory } from "../support/assemble-in-memory.ts";
import { readEvent } from "../support/read-event.ts";

const WSCAT1 = "C51DherHNjMCI3Q=";
const WSCAT2 = "C50a8cvrtjMCI7w=";
const INTERNALS = "connect ECONNREFUSED 10.0.0.1:8000";

describe("The handler", () => {
  test("registers a connection on $connect", async () => {
    const { store, invoke } = assembleInMemory();
    expect(await invoke(readEvent("connect"))).toEqual({
      statusCode: 200,
      body: "Connected! Hello WebSocket App!",
    });
    expect([...store.connections.keys()]).toEqual([WSCAT1]);
  });

  test("rejects a connection with 500, and exposes no internals, when it cannot be stored", async () => {
    const { store, logged, invoke } = assembleInMemory();
    store.failure = new Error(INTERNALS);
    expect(await invoke(readEvent("connect"))).toEqual({
      statusCode: 500,
      body: "The relay is unavailable.",
    });
    expect(logged).toEqual([
      {
        level: "error",
        event: "failed",
        details: {
          connectionId: WSCAT1,
          routeKey: "$connect",
          requestId: "C51DhF0fNjMEYzA=",
          failure: expect.objectContaining({ name: "Error", message: INTERNALS }),
        },
      },
    ]);
  });

  test("forgets a connection on $disconnect, once or twice", async () => {
    const { store, invoke } = assembleInMemory();
    const goodBye = { statusCode: 200, body: "Disconnected! Good-bye WebSocket App!" };
    await invoke(readEvent("connect"));
    expect(await invoke(readEvent("disconnect"))).toEqual(goodBye);
    expect(await invoke(readEvent("disconnect"))).toEqual(goodBye);
    expect(store.connections.size).toBe(0);
  });

  test("answers 500 to a $disconnect that the store does not take, and logs why", async () => {
    const { store, logged, invoke } = assembleInMemory();
    store.failure = new Error(INTERNALS);
    expect(await invoke(readEvent("disconnect"))).toEqual({
      statusCode: 500,
      body: "The relay is unavailable.",
    });
    expect(logged).toMatchObject([{ level: "error", details: { routeKey: "$disconnect" } }]);
  });

  test("answers 200 to a message and logs why when the relay itself is broken", async () => {
    const { store, logged, invoke } = assembleInMemory({
      clock: () => {
        throw new Error("A bug.");
      },
    });
    store.connections.set(WSCAT1, { connectionId: WSCAT1, registeredAt: 0, expiresAt: 1 });
    const body = JSON.stringify({ forward: { user: "alice" }, data: 1 });
    expect(await invoke({ ...readEvent("forward"), body })).toEqual({ statusCode: 200, body: "" });
    expect(logged).toMatchObject([
      { level: "error", event: "failed", details: { failure: { message: "A bug." } } },
    ]);
  });

  test("logs each connect and disconnect with its ids, and the close code", async () => {
    const { logged, invoke } = assembleInMemory();
    await invoke(readEvent("connect"));
    await invoke(readEvent("disconnect"));
    expect(logged).toEqual([
      {
        level: "info",
        event: "connected",
        details: { connectionId: WSCAT1, routeKey: "$connect", requestId: "C51DhF0fNjMEYzA=" },
      },
      {
        level: "info",
        event: "disconnected",
        details: {
          connectionId: WSCAT1,
          routeKey: "$disconnect",
          requestId: "C51FpEs2NjMEd0g=",
          disconnectStatusCode: 1005,
        },
      },
    ]);
  });

  test("logs what failed on our side next to what the sender was sent, and whether that arrived", async () => {
    const { sender, logged, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    sender.answerWith(WSCAT2, new Error(INTERNALS));
    await invoke(readEvent("forward"));
    const request = {
      connectionId: WSCAT1,
      routeKey: "sendMessageRoute",
      requestId: "C51ECE4yNjMEKAg=",
    };
    expect(logged).toEqual([
      {
        level: "error",
        event: "failed",
        details: { ...request, failure: expect.objectContaining({ message: INTERNALS }) },
      },
      {
        level: "warn",
        event: "rejected",
        details: { ...request, code: "UNAVAILABLE", answered: "delivered" },
      },
    ]);
  });

  test("answers who am I to the sender alone", async () => {
    const { sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    expect(await invoke(readEvent("who-am-i"))).toEqual({ statusCode: 200, body: "Send data!" });
    expect(sender.inbox(WSCAT1)).toEqual([`YOUR ID: ${WSCAT1}`]);
  });

  test("forwards to a connection", async () => {
    const { sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    sender.connect(WSCAT2);
    expect(await invoke(readEvent("forward"))).toEqual({ statusCode: 200, body: "Send data!" });
    expect(sender.inbox(WSCAT2)).toEqual(["Hello wscat2!"]);
    expect(sender.inbox(WSCAT1)).toEqual([]);
  });

  test("answers FORBIDDEN to a forward to a connection id when the configuration says so", async () => {
    const { sender, logged, invoke } = assembleInMemory({ config: { rawForward: false } });
    sender.connect(WSCAT1);
    sender.connect(WSCAT2);
    await invoke(readEvent("forward"));
    expect(sender.inbox(WSCAT2)).toEqual([]);
    expect(JSON.parse(sender.inbox(WSCAT1)[0] ?? "")).toMatchObject({ code: "FORBIDDEN" });
    expect(logged).toMatchObject([{ event: "rejected", details: { code: "FORBIDDEN" } }]);
  });

  test("sends an envelope with API Gateway's own message id", async () => {
    const { store, sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    await invoke(readEvent("connect"));
    const body = { forward: { connection: WSCAT1 }, data: 1 };
    await invoke({ ...readEvent("forward"), body: JSON.stringify(body) });
    expect(JSON.parse(sender.inbox(WSCAT1)[0] ?? "")).toMatchObject({
      messageId: "C51ECcmTNjMCI3Q=",
    });
    expect(store.connections.size).toBe(1);
  });

  test.each([26_000, 7_000])(
    "has done everything half a second before its %i ms are over",
    async (left) => {
      const { store, invoke } = assembleInMemory();
      const begin = Date.now();
      await invoke({ publish: { to: { user: "alice" }, data: 1 } }, left);
      const [deadline = 0] = store.deadlines;
      expect(deadline).toBeGreaterThanOrEqual(begin + left - 500);
      expect(deadline).toBeLessThanOrEqual(Date.now() + left - 500);
    },
  );

  test("joins a channel, lists who is in it, and leaves it", async () => {
    const { store, sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    await invoke(readEvent("connect"));
    for (const name of ["subscribe", "members", "unsubscribe"]) {
      expect(await invoke(readEvent(name))).toEqual({ statusCode: 200, body: "Send data!" });
    }
    expect(sender.inbox(WSCAT1).map((text) => JSON.parse(text))).toMatchObject([
      { relay: "subscribed", channels: [{ channel: "lobby" }], id: "s1" },
      { relay: "members", members: [{ connectionId: WSCAT1 }], id: "q1" },
      { relay: "unsubscribed", channel: "lobby", id: "u1" },
    ]);
    expect(store.memberships).toEqual([]);
  });

  test("keeps messages to channels and reads them again, as its configuration says", async () => {
    const config = { history: { table: "messages", hours: 24 } };
    const { sender, invoke } = assembleInMemory({ config });
    sender.connect(WSCAT1);
    await invoke(readEvent("connect"));
    await invoke(readEvent("subscribe"));
    expect(await invoke(readEvent("publish"))).toMatchObject({ delivered: 1, sequence: 1 });
    expect(await invoke(readEvent("history"))).toEqual({ statusCode: 200, body: "Send data!" });
    const [subscribed, text = "", answer] = sender.inbox(WSCAT1);
    expect(JSON.parse(subscribed ?? "")).toMatchObject({ channels: [{ sequence: 0 }] });
    const history = { relay: "history", channel: "lobby", messages: [JSON.parse(text)], upTo: 1 };
    expect(JSON.parse(answer ?? "")).toMatchObject({ ...history, id: "h1" });
    expect(await invoke(readEvent("backend-history"))).toMatchObject(history);
  });

  test("keeps nothing without that, and says so", async () => {
    const { sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    await invoke(readEvent("connect"));
    await invoke(readEvent("subscribe"));
    await invoke(readEvent("history"));
    const off = { relay: "error", code: "INVALID_MESSAGE" };
    expect(JSON.parse(sender.inbox(WSCAT1)[1] ?? "")).toMatchObject({ ...off, id: "h1" });
    expect(await invoke(readEvent("backend-history"))).toMatchObject(off);
  });

  test("counts the messages of all its routes together, and those without a route not", async () => {
    const { sender, invoke } = assembleInMemory({ config: { messagesPerMinute: 3 } });
    sender.connect(WSCAT1);
    await invoke(readEvent("connect"));
    const names = ["unknown-route", "subscribe", "members", "unsubscribe", "who-am-i"];
    for (const name of names) {
      await invoke(readEvent(name));
    }
    expect(sender.inbox(WSCAT1).map((text) => JSON.parse(text))).toMatchObject([
      { relay: "subscribed" },
      { relay: "members" },
      { relay: "unsubscribed" },
      { relay: "error", code: "RATE_LIMITED" },
    ]);
  });

  test("notifies watchers as its configuration says", async () => {
    const { sender, invoke } = assembleInMemory({ config: { presenceWatchers: 1 } });
    sender.connect(WSCAT1);
    await invoke(readEvent("connect"));
    const body = JSON.stringify({ channel: "lobby", presence: true });
    await invoke({ ...readEvent("subscribe"), body });
    const connecting = readEvent("connect");
    const requestContext = { ...connecting.requestContext, connectionId: WSCAT2 };
    const multiValueQueryStringParameters = { channel: ["lobby"] };
    await invoke({ ...connecting, requestContext, multiValueQueryStringParameters });
    await invoke({
      ...readEvent("disconnect"),
      requestContext: { ...readEvent("disconnect").requestContext, connectionId: WSCAT2 },
    });
    expect(sender.inbox(WSCAT1).map((text) => JSON.parse(text))).toMatchObject([
      { relay: "presence", event: "joined", connectionId: WSCAT2 },
      { relay: "presence", event: "left", connectionId: WSCAT2 },
    ]);
  });

  test("reports to the sender of an invalid message what is wrong with it", async () => {
    const { sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    expect(await invoke(readEvent("invalid-message"))).toEqual({
      statusCode: 200,
      body: "Send data!",
    });
    expect(JSON.parse(sender.inbox(WSCAT1)[0] ?? "")).toMatchObject({
      relay: "error",
      code: "INVALID_MESSAGE",
      id: "m1",
      requestId: "C51ELGn7NjMEVdA=",
    });
  });

  test.each([undefined, "", "not JSON", '{"a":', "\ud800"])(
    "reports to the sender of the text %j that it must be a JSON object, should it come this far",
    async (body) => {
      const { sender, invoke } = assembleInMemory();
      sender.connect(WSCAT1);
      await invoke({ ...readEvent("who-am-i"), body });
      expect(JSON.parse(sender.inbox(WSCAT1)[0] ?? "")).toMatchObject({ code: "INVALID_MESSAGE" });
    },
  );

  test("answers an unknown route by its result and posts nothing", async () => {
    const { sender, invoke } = assembleInMemory();
    sender.connect(WSCAT1);
    expect(await invoke(readEvent("unknown-route"))).toEqual({
      statusCode: 200,
      body: "Undefined Route Detected!",
    });
    expect(sender.delivered).toEqual([]);
  });

  test.each(["$connect", "$disconnect", "__proto__", "constructor", "toString"])(
    "takes a message whose route key says %s for an unknown one, and registers nobody",
    async (routeKey) => {
      const { store, invoke } = assembleInMemory();
      const event = readEvent("unknown-route");
      const result = await invoke({
        ...event,
        requestContext: { ...event.requestContext, routeKey },
      });
      expect(result).toEqual({ statusCode: 200, body: "Undefined Route Detected!" });
      expect(store.connections.size).toBe(0);
    },
  );

  test.each([{}, null, [], { requestContext: null }, { requestContext: { eventType: "CONNECT" } }])(
    "answers 400 to the event %j, which API Gateway never sends",
    async (event) => {
      expect(await assembleInMemory().invoke(event)).toEqual({
        statusCode: 400,
        body: "This is not an event of an API Gateway WebSocket API.",
      });
    },
  );
});
