import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { showToken } from "../support/show-token.ts";
import { type Cost, startCountedRelay } from "../support/start-counted-relay.ts";
import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";

const GONE = "Nq3xYd7RiYcCG4A=";
const LOBBY = "?user=alice&channel=lobby";
const FIND_SENDER = "GetItem consistent";
const FIND_TARGET = FIND_SENDER;
/** Everything that there is of one connection. */
const FIND_STORED = "Query consistent";
/** A minute from now, in milliseconds since 1970. */
const expiresAt = Date.now() + 60_000;

let relay: Awaited<ReturnType<typeof startCountedRelay>>;
let clients: WsClient[];

beforeAll(async () => {
  relay = await startCountedRelay();
});

beforeEach(() => {
  clients = [];
});

afterEach(async () => {
  for (const client of clients) {
    await relay.cost(() => client.webSocket.close());
  }
});

afterAll(() => relay[Symbol.asyncDispose]());

async function connect(query = ""): Promise<WsClient> {
  let client: WsClient | undefined;
  await relay.cost(async () => {
    client = await wsConnect(`${relay.url}${query}`);
    clients.push(client);
  });
  return client as WsClient;
}

function request(client: WsClient, members: object): Promise<Cost> {
  return relay.cost(() => client.send(JSON.stringify(members)));
}

function message(client: WsClient, members: object): Promise<Cost> {
  return request(client, { action: "sendMessageRoute", ...members });
}

async function idOf(client: WsClient): Promise<string> {
  await message(client, {});
  return (await client.messages.take()).replace("YOUR ID: ", "");
}

describe("It costs", () => {
  test.each([
    ["", ["PutItem"], []],
    ["?user=alice", ["PutItem"], []],
    ["?channel=a", ["BatchWriteItem of 2"], ["BatchWriteItem of 1"]],
    ["?channel=a&channel=b&channel=c", ["BatchWriteItem of 4"], ["BatchWriteItem of 3"]],
  ])(
    "1 write to connect with %j and 1 for each channel, in one batch, and 1 delete, 1 query and the other deletes to disconnect",
    async (query, written, deleted) => {
      let client: WsClient | undefined;
      const connected = await relay.cost(async () => {
        client = await wsConnect(`${relay.url}${query}`);
      });
      expect(connected).toEqual({ database: written, posts: 0 });
      const disconnected = await relay.cost(() => client?.webSocket.close());
      expect(disconnected).toEqual({ database: ["DeleteItem", FIND_STORED, ...deleted], posts: 0 });
    },
  );

  test("nothing to be rejected for a bad name", async () => {
    const { database } = await relay.cost(async () => {
      await expect(wsConnect(`${relay.url}?user=a%20b`)).rejects.toThrow("400");
      clients.push(await wsConnect(relay.url));
    });
    expect(database).toEqual(["PutItem"]);
  });

  test("1 post to ask who am I, and with an id 1 consistent query more", async () => {
    const alice = await connect(LOBBY);
    expect(await message(alice, {})).toEqual({ database: [], posts: 1 });
    expect(await message(alice, { id: "q1" })).toEqual({ database: [FIND_STORED], posts: 1 });
  });

  test("1 post to forward to a connection id, and 1 more for a receipt", async () => {
    const alice = await connect();
    const forward = await idOf(await connect());
    expect(await message(alice, { forward, data: 1 })).toEqual({ database: [], posts: 1 });
    expect(await message(alice, { forward, data: 1, id: "m1" })).toEqual({
      database: [],
      posts: 2,
    });
  });

  test("1 consistent read more to forward to a connection id where tokens are checked", async () => {
    await using issuer = await startTokenIssuer();
    await using guarded = await startCountedRelay({}, undefined, {
      JwtIssuer: issuer.url,
      JwtAudience: AUDIENCE,
    });
    let alice: WsClient | undefined;
    await guarded.cost(async () => {
      alice = await wsConnect(guarded.url, showToken.inHeader(issuer.issue()));
    });
    const text = JSON.stringify({ action: "sendMessageRoute", forward: GONE, data: 1 });
    expect(await guarded.cost(() => alice?.send(text))).toEqual({
      // The second asks what there is of the one that is gone.
      database: [FIND_SENDER, FIND_STORED],
      posts: 2,
    });
  });

  test("1 consistent read, and another of the target, and 1 post to send to a connection", async () => {
    const alice = await connect();
    const connection = await idOf(await connect());
    expect(await message(alice, { forward: { connection }, data: 1 })).toEqual({
      database: [FIND_SENDER, FIND_TARGET],
      posts: 1,
    });
  });

  test("no post but the error to send to a connection that is not registered", async () => {
    const alice = await connect();
    expect(await message(alice, { forward: { connection: GONE }, data: 1 })).toEqual({
      database: [FIND_SENDER, FIND_TARGET],
      posts: 1,
    });
  });

  test("1 consistent read, 1 query and n posts to send to a user or a channel", async () => {
    const [alice] = [await connect(LOBBY), await connect(LOBBY), await connect(LOBBY)];
    const database = [FIND_SENDER, "Query"];
    expect(await message(alice, { forward: { user: "alice" }, data: 1 })).toEqual({
      database,
      posts: 3,
    });
    expect(await message(alice, { forward: { channel: "lobby" }, data: 1 })).toEqual({
      database,
      posts: 2,
    });
  });

  test("1 query for every 501 connections, and nothing for those whose registration has expired", async () => {
    const alice = await connect("?channel=crowd");
    await relay.register(
      [],
      Array.from({ length: 1100 }, (_, index) => ({
        connectionId: `ghost-${index}=`,
        channel: "crowd",
        since: 1,
        expiresAt: 2000,
        presence: false,
      })),
    );
    expect(await message(alice, { forward: { channel: "crowd" }, data: 1 })).toEqual({
      database: [FIND_SENDER, "Query", "Query", "Query"],
      posts: 0,
    });
  });

  test("3 writes for every 250 of more than 1,000 connections, and the pages are read twice", async () => {
    const memberships = Array.from({ length: 1_100 }, (_, index) => ({
      // API Gateway does not take such an id, which costs nothing more.
      connectionId: `${index}=`,
      channel: "multitude",
      since: 1,
      expiresAt,
      presence: false,
    }));
    await relay.register([], memberships);
    const publish = { to: { channel: "multitude" }, data: 1 };
    const { database, posts } = await relay.costOf(() => relay.invoke({ publish }));
    const count = (call: string) => database.filter((it) => it === call).length;
    expect(posts).toBe(1_100);
    // Five slices: the progress and the report of each.
    expect(count("PutItem")).toBe(10);
    // The time of each. The first one costs a try more, and one that starts late takes its time again.
    expect(count("UpdateItem")).toBeGreaterThanOrEqual(6);
    expect(count("UpdateItem")).toBeLessThanOrEqual(6 + 5 * 2);
    expect([count("GetItem consistent"), count("Query")]).toEqual([1, 6]);
  }, 30_000);

  test("1 query and n posts to publish to a group, and 1 consistent read and 1 post to a connection", async () => {
    const [alice] = [await connect(LOBBY), await connect(LOBBY)];
    const publish = (to: object) => relay.costOf(() => relay.invoke({ publish: { to, data: 1 } }));
    expect(await publish({ channel: "lobby" })).toEqual({ database: ["Query"], posts: 2 });
    expect(await publish({ user: "alice" })).toEqual({ database: ["Query"], posts: 2 });
    await alice.messages.take();
    await alice.messages.take();
    const connection = await idOf(alice);
    expect(await publish({ connection })).toEqual({ database: [FIND_TARGET], posts: 1 });
  });

  test("1 consistent query for a target that is gone, if it is not registered or has only just been", async () => {
    const alice = await connect();
    // The try, and the error to the sender.
    const cost = { database: [FIND_STORED], posts: 2 };
    expect(await message(alice, { forward: GONE, data: 1 })).toEqual(cost);
    await relay.register([{ connectionId: GONE, registeredAt: Date.now(), expiresAt }]);
    expect(await message(alice, { forward: GONE, data: 1 })).toEqual(cost);
  });

  test("1 consistent query, 1 question and what a disconnect costs for any other target that is gone, once", async () => {
    const alice = await connect("?channel=lobby");
    const since = Date.now() - 30_000;
    await relay.register(
      [{ connectionId: GONE, registeredAt: since, expiresAt }],
      [{ connectionId: GONE, channel: "lobby", since, expiresAt, presence: false }],
    );
    const send = () => message(alice, { forward: { channel: "lobby" }, data: 1 });
    expect(await send()).toEqual({
      database: [
        FIND_SENDER,
        "Query",
        FIND_STORED,
        "DeleteItem",
        FIND_STORED,
        "BatchWriteItem of 1",
      ],
      // The try and the question.
      posts: 2,
    });
    expect(await send()).toEqual({ database: [FIND_SENDER, "Query"], posts: 0 });
  });

  test("1 post to report an error, and nothing else when the message cannot be understood", async () => {
    const alice = await connect();
    expect(await message(alice, { forward: 5 })).toEqual({ database: [], posts: 1 });
    expect(await message(alice, { forward: { user: "" }, data: 1 })).toEqual({
      database: [],
      posts: 1,
    });
  });

  test("2 consistent reads and 1 post to send to a channel without being in it", async () => {
    const alice = await connect();
    expect(await message(alice, { forward: { channel: "lobby" }, data: 1 })).toEqual({
      database: [FIND_SENDER, FIND_SENDER],
      posts: 1,
    });
  });

  test("1 consistent query, 1 write for each channel, 1 consistent read and 1 post to subscribe", async () => {
    const alice = await connect();
    const subscribe = (channel: unknown, members: object = {}) =>
      request(alice, { action: "subscribe", channel, ...members });
    expect(await subscribe("a", { id: "s1" })).toEqual({
      database: [FIND_STORED, "PutItem", FIND_SENDER],
      posts: 1,
    });
    expect(await subscribe(["b", "c", "d"], { id: "s2" })).toEqual({
      database: [FIND_STORED, "BatchWriteItem of 3", FIND_SENDER],
      posts: 1,
    });
    expect(await subscribe("a")).toMatchObject({ posts: 0 });
  });

  test("1 consistent query, 1 delete and 1 post to unsubscribe, and no delete where there is nothing to leave", async () => {
    const alice = await connect(LOBBY);
    const unsubscribe = () => request(alice, { action: "unsubscribe", channel: "lobby", id: "u1" });
    expect(await unsubscribe()).toEqual({ database: [FIND_STORED, "DeleteItem"], posts: 1 });
    expect(await unsubscribe()).toEqual({ database: [FIND_STORED], posts: 1 });
  });

  test("1 consistent read of the membership, 1 query and 1 post to list members, and for a backend 1 query", async () => {
    const alice = await connect(LOBBY);
    expect(await request(alice, { action: "members", channel: "lobby" })).toEqual({
      database: [FIND_SENDER, "Query"],
      posts: 1,
    });
    const members = { channel: "lobby" };
    expect(await relay.costOf(() => relay.invoke({ members }))).toEqual({
      database: ["Query"],
      posts: 0,
    });
  });

  test("1 query, and 1 delete and 1 post for each of n targets, for a backend to unsubscribe them", async () => {
    await connect(LOBBY);
    await connect(LOBBY);
    const unsubscribe = { to: { user: "alice" }, channel: "lobby" };
    expect(await relay.costOf(() => relay.invoke({ unsubscribe }))).toEqual({
      database: ["Query", "DeleteItem", "DeleteItem"],
      posts: 2,
    });
  });

  test("1 query for each channel more, and 1 post to each who asked, where presence is on", async () => {
    await using present = await startCountedRelay({}, undefined, { PresenceWatchers: "20" });
    const act = async (action: () => unknown) => await present.cost(action);
    let watcher: WsClient | undefined;
    let alice: WsClient | undefined;
    await act(async () => {
      watcher = await wsConnect(present.url);
    });
    const send = (client: WsClient | undefined, members: object) =>
      act(() => client?.send(JSON.stringify(members)));
    const channel = ["a", "b"];
    expect(await send(watcher, { action: "subscribe", channel, presence: true })).toEqual({
      database: [FIND_STORED, "Query", "Query", "BatchWriteItem of 2", FIND_SENDER],
      posts: 0,
    });
    expect(
      await act(async () => {
        alice = await wsConnect(`${present.url}?channel=a&channel=b`);
      }),
    ).toEqual({ database: ["BatchWriteItem of 3", "Query", "Query"], posts: 2 });
    expect(await send(alice, { action: "unsubscribe", channel: "a" })).toEqual({
      database: [FIND_STORED, "DeleteItem", "Query"],
      posts: 1,
    });
    expect(await send(alice, { action: "subscribe", channel: "a" })).toEqual({
      database: [FIND_STORED, "Query", "PutItem", FIND_SENDER],
      posts: 1,
    });
    expect(await act(() => alice?.webSocket.close())).toEqual({
      database: ["DeleteItem", FIND_STORED, "BatchWriteItem of 2", "Query", "Query"],
      posts: 2,
    });
  });

  test("1 write for each message more, and no read of the sender's registration, where messages are counted", async () => {
    await using counting = await startCountedRelay({}, undefined, { MessagesPerMinute: "60" });
    let alice: WsClient | undefined;
    await counting.cost(async () => {
      alice = await wsConnect(`${counting.url}${LOBBY}`);
    });
    const send = (members: object) =>
      counting.cost(() => alice?.send(JSON.stringify({ action: "sendMessageRoute", ...members })));
    expect(await send({})).toEqual({ database: ["UpdateItem"], posts: 1 });
    expect(await send({ forward: { user: "alice" }, data: 1 })).toEqual({
      database: ["UpdateItem", "Query"],
      posts: 1,
    });
    expect(await send({ forward: { channel: "lobby" }, data: 1 })).toEqual({
      database: ["UpdateItem", FIND_SENDER, "Query"],
      posts: 0,
    });
    expect(await counting.cost(() => alice?.send("no route"))).toEqual({
      database: [],
      posts: 0,
    });
  });

  test("2 writes more for each message to a channel, and none with keep: false, where history is on", async () => {
    await using keeping = await startCountedRelay({}, undefined, { HistoryHours: "24" });
    let alice: WsClient | undefined;
    await keeping.cost(async () => {
      alice = await wsConnect(`${keeping.url}${LOBBY}`);
    });
    const ask = (members: object) => keeping.cost(() => alice?.send(JSON.stringify(members)));
    const send = (members: object) =>
      ask({ action: "sendMessageRoute", forward: { channel: "lobby" }, data: 1, ...members });
    expect(await send({})).toEqual({
      database: [FIND_SENDER, "Query", "UpdateItem", "PutItem"],
      posts: 0,
    });
    expect(await send({ keep: false })).toEqual({ database: [FIND_SENDER, "Query"], posts: 0 });
    expect(await send({ forward: { user: "alice" } })).toEqual({
      database: [FIND_SENDER, "Query"],
      posts: 1,
    });
    const publish = { to: { channel: "lobby" }, data: 1 };
    expect(await keeping.costOf(() => keeping.invoke({ publish }))).toEqual({
      database: ["Query", "UpdateItem", "PutItem"],
      posts: 1,
    });
    expect(await ask({ action: "subscribe", channel: ["a", "b"], id: "s1" })).toEqual({
      database: [FIND_STORED, "BatchGetItem", "BatchWriteItem of 2", FIND_SENDER],
      posts: 1,
    });
    expect(await ask({ action: "sendMessageRoute", id: "q1" })).toEqual({
      database: [FIND_STORED],
      posts: 1,
    });
    expect(await ask({ action: "sendMessageRoute", id: "q1", positions: true })).toEqual({
      database: [FIND_STORED, "BatchGetItem"],
      posts: 1,
    });
  });

  test("1 consistent read of the membership, 1 of the position, 1 query for a page of 25 and 1 write for each number that is closed to read history", async () => {
    await using keeping = await startCountedRelay({}, undefined, { HistoryHours: "24" });
    let alice: WsClient | undefined;
    await keeping.cost(async () => {
      alice = await wsConnect(`${keeping.url}?channel=lobby`);
    });
    const read = () =>
      keeping.cost(() =>
        alice?.send(JSON.stringify({ action: "history", channel: "lobby", after: 0 })),
      );
    const publish = { to: { channel: "lobby" }, data: 1 };
    await keeping.invoke({ publish });
    const reading = [FIND_SENDER, "BatchGetItem", FIND_STORED];
    expect(await read()).toEqual({ database: reading, posts: 1 });
    const takenAt = Date.now() - 10_000;
    await keeping.history.takeNumber("lobby", { takenAt, expiresAt }, expiresAt);
    expect(await read()).toEqual({ database: [...reading, "PutItem"], posts: 1 });
    expect(await read()).toEqual({ database: reading, posts: 1 });
    for (let message = 0; message < 30; message += 1) {
      await keeping.invoke({ publish });
    }
    expect(await read()).toEqual({ database: [...reading, FIND_STORED], posts: 1 });
    const history = { channel: "lobby", last: 1 };
    expect(await keeping.costOf(() => keeping.invoke({ history }))).toEqual({
      database: ["BatchGetItem", FIND_STORED],
      posts: 0,
    });
  });

  test("nothing to have no route", async () => {
    const alice = await connect();
    expect(await relay.cost(() => alice.send("hello"))).toEqual({ database: [], posts: 0 });
  });

  test("1 post more for each of five retries of what is throttled", async () => {
    await using throttling = await startCountedRelay({ postThrottled: 1 });
    await wsConnect(`${throttling.url}?user=alice`);
    const event = { publish: { to: { user: "alice" }, data: 1 } };
    let answer: unknown;
    const cost = await throttling.costOf(async () => {
      answer = await throttling.invoke(event);
    });
    expect(cost).toEqual({ database: ["Query"], posts: 6 });
    expect(answer).toMatchObject({ relay: "error", code: "THROTTLED" });
  });
});
