import { fakeClient, URL } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";

test("a client connects with its names in the URL, offers relay.v1, and is open once it knows its id", async () => {
  const { client, socket, events } = fakeClient({ user: "alice", channel: "a+b" });
  const first = await socket();
  expect(first.url).toBe(`${URL}?user=alice&channel=a%2Bb`);
  expect(first.protocols).toEqual(["relay.v1"]);

  first.open();
  expect(first.sent).toEqual(['{"action":"sendMessageRoute","id":"heartbeat"}']);
  expect(client.state).toBe("connecting");
  first.frame({ relay: "id", id: "heartbeat", connectionId: "Nq3xYd7RiYcCG4A=" });
  expect(client.state).toBe("open");
  expect(events).toEqual([
    ["connecting", { state: "connecting", reason: "Connecting." }],
    ["open", { state: "open", reason: "Connected.", connectionId: "Nq3xYd7RiYcCG4A=" }],
  ]);
});

test("a token goes into a subprotocol, never into the URL", async () => {
  const { socket } = fakeClient({ token: "aaa.bbb.c-_" });
  const first = await socket();
  expect(first.protocols).toEqual(["relay.v1", "bearer.aaa.bbb.c-_"]);
  expect(first.url).toBe(URL);
});

test("a token function is called anew for each attempt", async () => {
  let calls = 0;
  const token = async () => `token.${++calls}.x`;
  const { socket, clock } = fakeClient({ token });
  (await socket()).drop();
  await clock.advance(10_000);
  expect((await socket()).protocols).toEqual(["relay.v1", "bearer.token.2.x"]);
});

test("a token function that fails is a failed attempt, with what it threw as the cause", async () => {
  const problem = new Error("Nobody is signed in.");
  const { client, all, sockets } = fakeClient({
    maxAttempts: 1,
    token: () => {
      throw problem;
    },
  });
  await settle();
  expect(all("closed")).toEqual([
    {
      state: "closed",
      reason: "Gave up after attempt 1: The token function failed.",
      cause: problem,
    },
  ]);
  expect(sockets).toEqual([]);
  expect(client.state).toBe("closed");
});

test.each([undefined, null])("a token function that gives %s sends no token", async (none) => {
  const { socket } = fakeClient({ token: () => none });
  expect((await socket()).protocols).toEqual(["relay.v1"]);
});

test("a token function's result that is not a JWT is not repeated in the reason", async () => {
  const { all, sockets } = fakeClient({ maxAttempts: 1, token: () => "secret, relay.v2" });
  await settle();
  expect(all("closed")).toEqual([
    { state: "closed", reason: "Gave up after attempt 1: The token is not a JWT." },
  ]);
  expect(sockets).toEqual([]);
});

test("a WebSocket that cannot be made is a failed attempt", async () => {
  class Broken {
    constructor() {
      throw new Error("broken");
    }
  }
  const { all } = fakeClient({ maxAttempts: 1, WebSocket: Broken as never });
  await settle();
  expect(all("closed")).toMatchObject([
    { reason: "Gave up after attempt 1: The WebSocket could not be made." },
  ]);
});

test("a client that was never open gives up after so many attempts and rejects what waits", async () => {
  const { client, clock, sockets, socket, all } = fakeClient({ maxAttempts: 3 });
  const waiting = client.send({ user: "alice" }, 1);
  waiting.catch(() => {});
  for (const attempt of [1, 2, 3]) {
    const last = await socket();
    expect(sockets.length).toBe(attempt);
    last.drop();
    await clock.advance(10_000);
  }
  const reason =
    "The connection could not be opened (code 1006): rejected, or the network is away.";
  expect(all("connecting").slice(1)).toEqual([
    { state: "connecting", reason },
    { state: "connecting", reason },
  ]);
  const last = `Gave up after attempt 3: ${reason}`;
  expect(all("closed")).toEqual([{ state: "closed", reason: last }]);
  await expect(waiting).rejects.toMatchObject({
    code: "CLOSED",
    message: last,
    mayHaveArrived: false,
  });
  expect(clock.timers).toBe(0);
});

test("an attempt that hangs is ended in time", async () => {
  const { clock, sockets, socket, all } = fakeClient({ connectTimeout: 700, baseDelay: 10 });
  const first = await socket();
  await clock.advance(700);
  expect(all("connecting").at(-1)?.reason).toBe("The attempt took too long.");
  expect(first.closedWith).toBe(1000);
  await clock.advance(10);
  expect(sockets.length).toBe(2);
});

test("a connection on which who am I stays unanswered or fails is a failed attempt", async () => {
  const { clock, socket, all } = fakeClient({ heartbeatTimeout: 300, baseDelay: 10 });
  const first = await socket();
  first.open();
  await clock.advance(300);
  expect(all("connecting").at(-1)?.reason).toBe("The connection is dead.");
  await clock.advance(10);
  const second = await socket();
  second.open();
  second.frame({ relay: "error", code: "THROTTLED", message: "Later, please.", id: "heartbeat" });
  expect(all("connecting").at(-1)).toMatchObject({
    reason: "The relay did not say who we are: Later, please.",
    cause: { code: "THROTTLED" },
  });
});

const THROTTLED =
  '{"message": "Too Many Requests", "connectionId":"XDmENcnwIE0CFEQ=", "requestId":"XDmGEE2RoE0FRdQ="}';

test("when something else comes in place of who we are, the reason quotes the beginning of it", async () => {
  const { clock, socket, all } = fakeClient({ baseDelay: 10 });
  const first = await socket();
  first.open();
  first.text(THROTTLED);
  await clock.advance(10_010);
  const second = await socket();
  second.open();
  second.text("x".repeat(1000));
  await clock.advance(10_000);
  expect(all("connecting").map(({ reason }) => reason)).toEqual([
    "Connecting.",
    `The relay did not say who we are: ${THROTTLED}`,
    `The relay did not say who we are: ${"x".repeat(200)}`,
  ]);
});

test("what came before the connection was open is not quoted when it is dead", async () => {
  const { clock, socket, all } = fakeClient();
  const first = await socket();
  first.open();
  first.text(THROTTLED);
  first.frame({ relay: "id", id: "heartbeat", connectionId: "Nq3xYd7RiYcCG4A=" });
  await clock.advance(310_000);
  expect(all("reconnecting").map(({ reason }) => reason)).toEqual(["The connection is dead."]);
});

test("a message whose sender gave it the heartbeat's id neither passes for its answer nor is lost", async () => {
  const { client, socket, all } = fakeClient();
  const first = await socket();
  first.open();
  const from = { connectionId: "C50a8cvrtjMCI7w=" };
  const to = { user: "alice" };
  first.frame({ relay: "message", messageId: "m1", from, to, data: 1, id: "heartbeat" });
  expect(first.closedWith).toBeUndefined();
  expect(all("message").length).toBe(1);
  first.frame({ relay: "id", id: "heartbeat", connectionId: "Nq3xYd7RiYcCG4A=" });
  expect(client.state).toBe("open");
});

test("a token function that gives no text is a failed attempt", async () => {
  const strange = { toString: () => null } as unknown as string;
  const { all, sockets } = fakeClient({ maxAttempts: 1, token: () => strange });
  await settle();
  expect(all("closed")).toMatchObject([
    { reason: "Gave up after attempt 1: The token is not a JWT." },
  ]);
  expect(sockets).toEqual([]);
});
