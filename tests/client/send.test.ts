import { getEventListeners } from "node:events";
import { openClient } from "./support/fake-client.ts";
import { rejection } from "./support/rejection.ts";

test("a message goes out with its target, its data and an id of its own, and resolves with its receipt", async () => {
  const { client, socket } = await openClient();
  const first = client.send({ user: "alice" }, { text: "hi" });
  const second = client.send({ channel: "lobby" }, null);
  expect(socket.messages).toEqual([
    { action: "sendMessageRoute", forward: { user: "alice" }, data: { text: "hi" }, id: "1" },
    { action: "sendMessageRoute", forward: { channel: "lobby" }, data: null, id: "2" },
  ]);

  socket.frame({ relay: "receipt", id: "2", delivered: 3, gone: 1, failed: 2, complete: false });
  socket.receipt(0);
  expect(await second).toEqual({ delivered: 3, gone: 1, failed: 2, complete: false });
  expect(await first).toEqual({ delivered: 1, gone: 0, failed: 0, complete: true });
});

test("a connection id as a text is a raw forward", async () => {
  const { client, socket } = await openClient();
  const sent = client.send("C50a8cvrtjMCI7w=", "hello");
  expect(socket.messages).toMatchObject([{ forward: "C50a8cvrtjMCI7w=", data: "hello" }]);
  socket.receipt(0);
  await sent;
});

test.each([
  ["TARGET_GONE", false],
  ["FORBIDDEN", false],
  ["INVALID_MESSAGE", false],
  ["TOO_LARGE", false],
  ["THROTTLED", false],
  ["RATE_LIMITED", false],
  ["LIMIT_EXCEEDED", false],
  ["UNAVAILABLE", true],
  // Of a relay that is newer than the client, which cannot know.
  ["HALF_DELIVERED", true],
])(
  "the relay's error %s rejects the message with its sentence and request id",
  async (code, mayHaveArrived) => {
    const { client, socket } = await openClient();
    const sent = client.send({ connection: "Nq3xYd7RiYcCG4B=" }, 1);
    socket.frame({ relay: "error", code, message: "A sentence.", id: "1", requestId: "r1" });
    await expect(sent).rejects.toMatchObject({
      name: "RelayError",
      code,
      message: "A sentence.",
      requestId: "r1",
      mayHaveArrived,
    });
  },
);

test("who am I resolves with the connection's id", async () => {
  const { client, socket } = await openClient();
  const asked = client.whoAmI();
  expect(socket.messages).toEqual([{ action: "sendMessageRoute", id: "1" }]);
  socket.frame({ relay: "id", id: "1", connectionId: "Nq3xYd7RiYcCG4A=" });
  expect(await asked).toBe("Nq3xYd7RiYcCG4A=");
});

test("a message without an answer is rejected in time, and its late answer is ignored", async () => {
  const { client, socket, clock, events } = await openClient({ sendTimeout: 500 });
  const sent = rejection(client.send({ user: "alice" }, 1));
  await clock.advance(500);
  expect(await sent).toEqual({ code: "TIMEOUT", mayHaveArrived: true });
  const before = events.length;
  socket.receipt(0);
  socket.frame({ relay: "error", code: "THROTTLED", message: "Late.", id: "1" });
  expect(events.length).toBe(before);
});

test("an answer that does not come makes the client ask whether the connection is alive", async () => {
  const { client, socket, clock } = await openClient({ sendTimeout: 500 });
  const sent = rejection(client.send({ user: "alice" }, 1));
  await clock.advance(499);
  socket.text("hello");
  expect(socket.heartbeats).toBe(1);
  await clock.advance(1);
  await sent;
  expect(socket.heartbeats).toBe(2);
});

test("an aborted message is rejected with the signal's reason as its cause", async () => {
  const { client, socket } = await openClient();
  const controller = new AbortController();
  const sent = client.send({ user: "alice" }, 1, { signal: controller.signal });
  controller.abort("enough");
  await expect(sent).rejects.toMatchObject({
    code: "ABORTED",
    cause: "enough",
    mayHaveArrived: true,
  });

  const early = client.send({ user: "alice" }, 1, { signal: AbortSignal.abort("before") });
  await expect(early).rejects.toMatchObject({
    code: "ABORTED",
    cause: "before",
    mayHaveArrived: false,
  });
  expect(socket.messages.length).toBe(1);
});

test.each([
  ["an object", {}],
  ["the signal's controller", new AbortController()],
  ["a text", "signal"],
])("a message with %s for a signal is rejected, and leaves no timer", async (_, signal) => {
  const { client, socket, clock } = await openClient();
  const before = clock.timers;
  await expect(client.send({ user: "a" }, 1, { signal: signal as never })).rejects.toMatchObject({
    code: "INVALID_MESSAGE",
    message: "The signal is not an AbortSignal.",
    mayHaveArrived: false,
  });
  expect([socket.messages, clock.timers]).toEqual([[], before]);
});

test("a message that was answered listens to its signal no more", async () => {
  const { client, socket } = await openClient();
  const { signal } = new AbortController();
  const sent = client.send({ user: "alice" }, 1, { signal });
  expect(getEventListeners(signal, "abort").length).toBe(1);
  socket.receipt(0);
  await sent;
  expect(getEventListeners(signal, "abort").length).toBe(0);
});

test("the length of a message is measured as JSON in UTF-8, and one byte too many is not sent", async () => {
  const { client, socket } = await openClient();
  const frame = { action: "sendMessageRoute", forward: { user: "a" }, data: "", id: "1" };
  const space = 32 * 1024 - JSON.stringify(frame).length;
  void client.send({ user: "a" }, "é".repeat(space / 2) + "x".repeat(space % 2)).catch(() => {});
  expect(socket.messages.length).toBe(1);
  await expect(client.send({ user: "a" }, `${"é".repeat(space / 2)}xx`)).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: expect.stringMatching(/ bytes as JSON: 32768 are allowed\.$/),
    mayHaveArrived: false,
  });
  expect(socket.messages.length).toBe(1);
});

test("a WebSocket that splits messages may be given longer ones", async () => {
  const { client, socket } = await openClient({ maxMessageBytes: 131_072 });
  void client.send({ user: "a" }, "x".repeat(131_000)).catch(() => {});
  expect(socket.messages.length).toBe(1);
  expect(await rejection(client.send({ user: "a" }, "x".repeat(131_072)))).toEqual({
    code: "TOO_LARGE",
    mayHaveArrived: false,
  });
});

test("data that JSON cannot hold is rejected before it is sent", async () => {
  const { client, socket } = await openClient();
  expect(await rejection(client.send({ user: "a" }, 1n))).toEqual({
    code: "INVALID_MESSAGE",
    mayHaveArrived: false,
  });
  expect(socket.messages).toEqual([]);
});

test("a socket that throws ends, and what was put on it is unconfirmed and not sent again", async () => {
  const { client, socket, clock, nextSocket } = await openClient();
  socket.send = () => {
    throw new Error("broken");
  };
  await expect(client.send({ user: "alice" }, 1)).rejects.toMatchObject({
    code: "UNCONFIRMED",
    mayHaveArrived: true,
  });
  await clock.advance(30_000);
  const next = await nextSocket();
  next.welcome("Nq3xYd7RiYcCG4B=");
  expect(next.sent.filter((text) => text.includes("forward"))).toEqual([]);
});

test("a message without a target is rejected: it would ask who am I", async () => {
  const { client } = await openClient();
  for (const target of [undefined, null, ""]) {
    await expect(client.send(target as unknown as string, 1)).rejects.toMatchObject({
      code: "INVALID_MESSAGE",
      mayHaveArrived: false,
    });
  }
});

test("only a receipt answers a message, and only an id the question who am I", async () => {
  const { client, socket } = await openClient();
  const sent = client.send({ user: "alice" }, 1);
  const asked = client.whoAmI();
  const [first, second] = socket.sent.slice(-2).map((text) => JSON.parse(text).id);
  for (const id of [first, second]) {
    socket.frame({ relay: "progress", id });
  }
  socket.frame({ relay: "id", id: first, connectionId: "Nq3xYd7RiYcCG4B=" });
  socket.frame({ relay: "receipt", id: second, delivered: 0, gone: 0, failed: 0, complete: true });
  socket.frame({ relay: "receipt", id: first, delivered: 7, gone: 0, failed: 0, complete: true });
  socket.frame({ relay: "id", id: second, connectionId: "Nq3xYd7RiYcCG4C=" });
  expect(await sent).toMatchObject({ delivered: 7 });
  expect(await asked).toBe("Nq3xYd7RiYcCG4C=");
});
