import { openClient } from "./support/fake-client.ts";

test("a quiet connection is asked who we are, well before API Gateway's 10 minutes, and its answer keeps it", async () => {
  const { client, clock, socket } = await openClient();
  await clock.advance(299_999);
  expect(socket.heartbeats).toBe(1);
  await clock.advance(1);
  expect(socket.heartbeats).toBe(2);
  socket.frame({ relay: "id", id: "heartbeat", connectionId: "Nq3xYd7RiYcCG4A=" });
  await clock.advance(300_000);
  expect(socket.heartbeats).toBe(3);
  expect(client.state).toBe("open");
});

test("whatever arrives puts the next heartbeat off no moment: only its answer proves the registration", async () => {
  const { clock, socket } = await openClient({ heartbeatAfter: 1000 });
  for (const _ of [1, 2, 3, 4]) {
    await clock.advance(249);
    socket.text("hello");
  }
  expect(socket.heartbeats).toBe(1);
  await clock.advance(4);
  expect(socket.heartbeats).toBe(2);
});

test("any text is a sign of life while a heartbeat has no answer, and the next one goes out in its turn", async () => {
  const { client, clock, socket } = await openClient({
    heartbeatAfter: 1000,
    heartbeatTimeout: 500,
  });
  await clock.advance(1000);
  socket.text("hello");
  await clock.advance(999);
  expect([client.state, socket.heartbeats]).toEqual(["open", 2]);
  await clock.advance(1);
  expect(socket.heartbeats).toBe(3);
});

test("an error that answers a heartbeat proves the line as well, and is nobody else's business", async () => {
  const { client, clock, socket, all } = await openClient({ heartbeatAfter: 1000 });
  await clock.advance(1000);
  socket.frame({ relay: "error", code: "THROTTLED", message: "Busy.", id: "heartbeat" });
  await clock.advance(999);
  expect(client.state).toBe("open");
  expect(all("error")).toEqual([]);
});

test("a connection whose heartbeat stays unanswered is dead, and another takes its place", async () => {
  const { client, clock, socket, nextSocket, all } = await openClient({ heartbeatTimeout: 2000 });
  await clock.advance(300_000 + 2000);
  expect(all("reconnecting")).toEqual([
    { state: "reconnecting", reason: "The connection is dead." },
  ]);
  expect(socket.closedWith).toBe(1000);
  await clock.advance(30_000);
  (await nextSocket()).welcome("Nq3xYd7RiYcCG4B=");
  expect(client.state).toBe("open");
});

test("a dead connection ends without a closing handshake where the WebSocket can do that", async () => {
  const { clock, socket } = await openClient();
  let terminated = 0;
  Object.assign(socket, {
    terminate: () => {
      terminated++;
    },
  });
  await clock.advance(310_000);
  expect([terminated, socket.closedWith]).toEqual([1, undefined]);
});
