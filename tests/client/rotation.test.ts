import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";

const [OLD_ID, NEXT_ID] = ["Nq3xYd7RiYcCG4A=", "Nq3xYd7RiYcCG4B="];

/** A client that was connected, and its next connection, which has just taken over. */
async function takenOver() {
  const fake = await openClient({ rotateAfter: 100_000, drainTime: 1000 });
  await fake.clock.advance(100_000);
  const next = await fake.nextSocket();
  next.welcome(NEXT_ID);
  return { ...fake, old: fake.socket, next };
}

const envelope = (messageId: string, over: object = {}) => ({
  relay: "message",
  messageId,
  from: { connectionId: "C50a8cvrtjMCI7w=", user: "bob" },
  to: { channel: "lobby" },
  data: "hi",
  sentAt: "2026-11-22T10:00:00.000Z",
  ...over,
});

test("the next connection opens between 99 and 110 minutes, before API Gateway's 2 hours", async () => {
  for (const [random, minutes] of [
    [0, 110],
    [1, 99],
  ] as const) {
    const { clock, sockets, socket } = await openClient({ random: () => random });
    for (let minute = 0; minute < minutes - 1; minute++) {
      await clock.advance(60_000);
      socket.frame({ relay: "id", id: "heartbeat", connectionId: OLD_ID });
    }
    expect(sockets.length).toBe(1);
    await clock.advance(60_000);
    expect(sockets.length).toBe(2);
  }
});

test("while the next connection opens the old one carries everything; then the next one does", async () => {
  const { client, clock, socket, nextSocket, all } = await openClient({ rotateAfter: 100_000 });
  await clock.advance(100_000);
  const next = await nextSocket();
  expect(next).not.toBe(socket);
  next.open();
  void client.send({ user: "alice" }, "old").catch(() => {});
  next.frame({ relay: "id", id: "heartbeat", connectionId: NEXT_ID });
  void client.send({ user: "alice" }, "next").catch(() => {});
  expect(socket.messages.map(({ data }) => data)).toEqual(["old"]);
  expect(next.messages.map(({ data }) => data)).toEqual(["next"]);
  expect(all("reconnecting")).toEqual([]);
  expect(all("open").at(-1)).toEqual({
    state: "open",
    reason: "The next connection has taken over.",
    connectionId: NEXT_ID,
  });
});

test("the old connection closes after its overlap", async () => {
  const { client, clock, old } = await takenOver();
  await clock.advance(999);
  expect(old.closedWith).toBeUndefined();
  await clock.advance(1);
  expect(old.closedWith).toBe(1000);
  expect(client.state).toBe("open");
});

test("the old connection stays for the answers that are due on it", async () => {
  const { client, clock, socket, nextSocket } = await openClient({
    rotateAfter: 100_000,
    drainTime: 1000,
  });
  await clock.advance(99_000);
  const due = client.send({ user: "alice" }, 1);
  await clock.advance(1000);
  (await nextSocket()).welcome(NEXT_ID);
  await clock.advance(5000);
  expect(socket.closedWith).toBeUndefined();
  socket.receipt(0);
  expect((await due).delivered).toBe(1);
  await clock.advance(1000);
  expect(socket.closedWith).toBe(1000);
});

test("a message that comes on both connections is received once, and both are listened to", async () => {
  const { old, next, all } = await takenOver();
  next.frame(envelope("m1"));
  old.frame(envelope("m1"));
  old.frame(envelope("m2"));
  expect(all("message").map(({ messageId }) => messageId)).toEqual(["m1", "m2"]);
});

test("our own message to the channel, which our other connection receives, is dropped", async () => {
  const { old, next, all } = await takenOver();
  old.frame(envelope("m1", { from: { connectionId: NEXT_ID } }));
  next.frame(envelope("m2", { from: { connectionId: OLD_ID } }));
  expect(all("message")).toEqual([]);
});

test("the next connection is listened to before it is open, and our own message to the channel is dropped there", async () => {
  const { clock, nextSocket, all } = await openClient({ rotateAfter: 100_000 });
  await clock.advance(100_000);
  const next = await nextSocket();
  next.open();
  next.frame(envelope("m1", { from: { connectionId: OLD_ID } }));
  next.frame(envelope("m2"));
  expect(all("message").map(({ messageId }) => messageId)).toEqual(["m2"]);
});

test("our own message to our user is received, once", async () => {
  const { old, next, all } = await takenOver();
  const own = envelope("m1", { from: { connectionId: NEXT_ID }, to: { user: "alice" } });
  old.frame(own);
  next.frame(own);
  expect(all("message").map(({ messageId }) => messageId)).toEqual(["m1"]);
});

/** A client that has rotated twice, and the test's only reference to the socket of its first connection. */
async function withoutOld(end: "drains" | "is lost") {
  const { client, clock, sockets, old, nextSocket } = await takenOver();
  if (end === "is lost") {
    old.drop();
  }
  await clock.advance(100_000);
  (await nextSocket()).welcome("Nq3xYd7RiYcCG4C=");
  sockets.length = 0;
  return { client, old: new WeakRef(old) };
}

test.each(["drains", "is lost"] as const)("an old connection that %s is released", async (end) => {
  setFlagsFromString("--expose-gc");
  const { client, old } = await withoutOld(end);
  await settle();
  runInNewContext("gc")();
  expect(old.deref()).toBeUndefined();
  expect(client.state).toBe("open");
});
