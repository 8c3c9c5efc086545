import { WebSocket as WsWebSocket } from "ws";
import { RelayError } from "../../client/index.ts";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { startRelay } from "./support/relay-clients.ts";

const { WebSocket: NodeWebSocket } = globalThis as unknown as { WebSocket: typeof WsWebSocket };

/** Waits, one turn of the event loop after the other, for a condition to hold. */
async function waitFor(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe.each([
  ["Node's own WebSocket", NodeWebSocket],
  ["the package ws", WsWebSocket],
])("with %s", (_, WebSocket) => {
  test("messages reach a connection, a user and a channel, and errors reach the sender", async () => {
    await using relay = await startRelay();
    const alice = relay.connect({ WebSocket, user: "alice", channel: "lobby" });
    const bob = relay.connect({ WebSocket, user: "bob+b@c", channel: "lobby" });
    const { connectionId: aliceId = "" } = await alice.events.open.take();
    const { connectionId: bobId = "" } = await bob.events.open.take();
    expect(await bob.client.whoAmI()).toBe(bobId);

    const from = { connectionId: aliceId, user: "alice" };
    const one = { delivered: 1, gone: 0, failed: 0, complete: true };
    for (const to of [{ connection: bobId }, { user: "bob+b@c" }, { channel: "lobby" }]) {
      expect(await alice.client.send(to, { text: "hi" })).toEqual(one);
      expect(await bob.events.message.take()).toMatchObject({ from, to, data: { text: "hi" } });
    }
    expect(await alice.client.send(bobId, "bare")).toEqual(one);
    expect(await bob.events.text.take()).toBe("bare");
    expect(alice.events.message.size).toBe(0);

    await expect(alice.client.send({ user: "nobody" }, 1)).rejects.toMatchObject({
      code: "TARGET_GONE",
      requestId: expect.any(String),
    });
    await expect(alice.client.send({ channel: "elsewhere" }, 1)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });

    alice.client.close();
    bob.client.close();
    await waitFor(() => relay.gateway.connections === 0);
  }, 30_000);
});

test("a client that is closed while it connects leaves no error behind", async () => {
  await using relay = await startRelay();
  const sockets: WsWebSocket[] = [];
  class RecordedWebSocket extends WsWebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  const { client } = relay.connect({ WebSocket: RecordedWebSocket });
  await waitFor(() => sockets.length > 0);
  client.close();
  // The package ws reports it as an error, which nobody may throw.
  await waitFor(() => sockets[0]?.readyState === WsWebSocket.CLOSED);
  expect(client.state).toBe("closed");
}, 30_000);

test("the longest message that the client lets through goes through", async () => {
  await using relay = await startRelay();
  const { client, events } = relay.connect({ user: "alice" });
  const frame = { action: "sendMessageRoute", forward: { user: "alice" }, data: "", id: "1" };
  const data = "x".repeat(32 * 1024 - JSON.stringify(frame).length);
  expect((await client.send({ user: "alice" }, data)).delivered).toBe(1);
  expect((await events.message.take()).data).toBe(data);
  expect(events.reconnecting.size).toBe(0);
}, 30_000);

test("connections are exchanged before they are ended, and no message is missed or comes twice", async () => {
  await using relay = await startRelay({ connectionDuration: 6 });
  const rotation = { channel: "lobby", rotateAfter: 1500, drainTime: 300 };
  const alice = relay.connect({ user: "alice", ...rotation });
  const bob = relay.connect({ user: "bob", ...rotation });
  await alice.events.open.take();
  await bob.events.open.take();

  let sent = 0;
  while (Math.min(alice.events.open.size, bob.events.open.size) < 5) {
    const receipt = await alice.client.send({ channel: "lobby" }, sent++);
    // A connection that is just coming or going may be gone; the other one is there.
    expect(receipt).toMatchObject({ failed: 0, complete: true });
    expect(receipt.delivered).toBeGreaterThan(0);
  }
  // To herself, so that what comes before has come.
  await alice.client.send({ user: "alice" }, "end");
  await bob.client.send({ user: "bob" }, "end");
  for (const [{ events }, expected] of [
    [alice, []],
    [bob, [...Array(sent).keys()]],
  ] as const) {
    const received: unknown[] = [];
    for (let data: unknown; data !== "end"; received.push(data)) {
      ({ data } = await events.message.take());
    }
    received.pop();
    expect(received.sort((a, b) => Number(a) - Number(b))).toEqual(expected);
    expect([events.message.size, events.reconnecting.size, events.closed.size]).toEqual([0, 0, 0]);
  }
}, 60_000);

test("heartbeats keep a connection open on which nothing else happens", async () => {
  await using relay = await startRelay({ idleTimeout: 2 });
  const { client, events } = relay.connect({ heartbeatAfter: 500 });
  const { connectionId } = await events.open.take();
  const silent = await wsConnect(relay.gateway.url);
  expect(await silent.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await client.whoAmI()).toBe(connectionId);
  expect(events.reconnecting.size).toBe(0);
}, 30_000);

test("a client whose line was cut comes back and is found under its name, though its $disconnect never came", async () => {
  await using relay = await startRelay({ faults: { dropDisconnect: 1 } });
  const alice = relay.connect({ user: "alice" });
  const bob = relay.connect({ user: "bob" });
  await alice.events.open.take();
  const { connectionId } = await bob.events.open.take();

  bob.cut();
  expect((await bob.events.reconnecting.take()).reason).toBe(
    "The connection ended with code 1006.",
  );
  const waited = bob.client.send({ user: "alice" }, "I am back");
  expect((await waited).delivered).toBe(1);
  expect((await bob.events.open.take()).connectionId).not.toBe(connectionId);
  expect((await alice.events.message.take()).data).toBe("I am back");
  await waitFor(() => relay.gateway.connections === 2);
  expect(await alice.client.send({ user: "bob" }, "welcome")).toMatchObject({
    delivered: 1,
    failed: 0,
  });
  expect((await bob.events.message.take()).data).toBe("welcome");
}, 30_000);

test("a rejection closes a client that was never open, with the sentence of the WebSocket", async () => {
  await using relay = await startRelay();
  await relay.gateway.dynamodb.stopListening();
  const { client, events } = relay.connect({ maxAttempts: 2 });
  const waiting = client.send({ user: "alice" }, 1);
  await expect(waiting).rejects.toMatchObject({ code: "CLOSED", mayHaveArrived: false });
  expect((await events.closed.take()).reason).toBe(
    "Gave up after attempt 2: The connection could not be opened (code 1006): Unexpected server response: 500.",
  );
}, 30_000);

test("while the relay is away an open client keeps trying, and what waits is sent when it is back", async () => {
  await using relay = await startRelay();
  const { client, events, cut } = relay.connect({ user: "alice", maxAttempts: 1 });
  await events.open.take();
  await relay.gateway.dynamodb.stopListening();
  cut();
  for (const _ of [1, 2, 3]) {
    await events.reconnecting.take();
  }
  const waiting = client.send({ user: "alice" }, "waits");
  await relay.gateway.dynamodb.listen();
  expect((await waiting).delivered).toBe(1);
  expect((await events.message.take()).data).toBe("waits");
}, 30_000);

test("throttled messages run into their timeout, and the client lives on", async () => {
  const parameterOverrides = { ThrottlingRateLimit: "1", ThrottlingBurstLimit: "4" };
  await using relay = await startRelay({ parameterOverrides });
  const { client, events } = relay.connect({ user: "alice", sendTimeout: 3000 });
  await events.open.take();
  const sent = Array.from({ length: 8 }, (_, data) => client.send({ user: "alice" }, data));
  const outcomes = await Promise.all(
    sent.map((promise) =>
      promise.then(
        () => "receipt",
        (error) => (error instanceof RelayError ? error.code : error),
      ),
    ),
  );
  expect(outcomes).toContain("receipt");
  expect(outcomes.filter((outcome) => outcome !== "receipt")).toEqual(
    expect.arrayContaining(["TIMEOUT"]),
  );
  expect(JSON.parse(await events.text.take())).toMatchObject({ message: "Too Many Requests" });
  expect(events.closed.size).toBe(0);
}, 30_000);
