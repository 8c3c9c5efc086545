import { fakeClient, openClient } from "./support/fake-client.ts";
import { rejection } from "./support/rejection.ts";

test("a message that waits for a connection is rejected in time, too, and never sent", async () => {
  const { client, clock, socket } = fakeClient({ sendTimeout: 500 });
  const sent = rejection(client.send({ user: "alice" }, 1));
  await clock.advance(500);
  expect(await sent).toEqual({ code: "TIMEOUT", mayHaveArrived: false });
  (await socket()).welcome("Nq3xYd7RiYcCG4A=");
  expect((await socket()).messages).toEqual([]);
});

test("a message that is aborted while it waits for a connection is never sent", async () => {
  const { client, socket } = fakeClient();
  const controller = new AbortController();
  const sent = rejection(client.send({ user: "alice" }, 1, { signal: controller.signal }));
  controller.abort();
  expect(await sent).toEqual({ code: "ABORTED", mayHaveArrived: false });
  (await socket()).welcome("Nq3xYd7RiYcCG4A=");
  expect((await socket()).messages).toEqual([]);
});

test("messages wait for the first connection and go out in order", async () => {
  const { client, socket } = fakeClient();
  const sent = [1, 2, 3].map((data) => client.send({ user: "alice" }, data));
  const first = await socket();
  first.welcome("Nq3xYd7RiYcCG4A=");
  expect(first.messages.map(({ data }) => data)).toEqual([1, 2, 3]);
  for (const place of [0, 1, 2]) {
    first.receipt(place);
  }
  await Promise.all(sent);
});

test("what a listener sends when the connection opens goes out after what has waited", async () => {
  const { client, socket } = fakeClient();
  client.on("open", () => void client.send({ user: "alice" }, "later").catch(() => {}));
  void client.send({ user: "alice" }, "sooner").catch(() => {});
  const first = await socket();
  first.welcome("Nq3xYd7RiYcCG4A=");
  expect(first.messages.map(({ data }) => data)).toEqual(["sooner", "later"]);
});

test("the outbox is bounded: what it cannot hold is rejected at once, and the others stay", async () => {
  const { client, socket } = fakeClient({ outboxSize: 2 });
  for (const data of [1, 2]) {
    void client.send({ user: "alice" }, data).catch(() => {});
  }
  expect(await rejection(client.send({ user: "alice" }, 3))).toEqual({
    code: "OUTBOX_FULL",
    mayHaveArrived: false,
  });
  const first = await socket();
  first.welcome("Nq3xYd7RiYcCG4A=");
  expect(first.messages.map(({ data }) => data)).toEqual([1, 2]);
});

test("the outbox bounds only what waits: on an open connection any number may be under way", async () => {
  const { client, socket } = await openClient({ outboxSize: 0 });
  void client.send({ user: "alice" }, 1).catch(() => {});
  void client.send({ user: "alice" }, 2).catch(() => {});
  expect(socket.messages.length).toBe(2);
});

test("what was sent on a connection that ends is unconfirmed and not sent again; what waited is sent", async () => {
  const { client, socket, nextSocket, clock } = await openClient();
  const unconfirmed = rejection(client.send({ user: "alice" }, "first"));
  socket.drop();
  const waiting = client.send({ user: "alice" }, "second");
  expect(await unconfirmed).toEqual({ code: "UNCONFIRMED", mayHaveArrived: true });

  await clock.advance(10_000);
  const next = await nextSocket();
  next.welcome("Nq3xYd7RiYcCG4B=");
  expect(next.messages.map(({ data }) => data)).toEqual(["second"]);
  next.receipt(0);
  expect((await waiting).delivered).toBe(1);
});

test("what has waited and was sent is not sent again either", async () => {
  const { client, clock, socket } = fakeClient();
  const sent = rejection(client.send({ user: "alice" }, 1));
  const first = await socket();
  first.welcome("Nq3xYd7RiYcCG4A=");
  first.drop();
  expect(await sent).toEqual({ code: "UNCONFIRMED", mayHaveArrived: true });
  await clock.advance(10_000);
  const next = await socket();
  next.welcome("Nq3xYd7RiYcCG4B=");
  expect(next.messages).toEqual([]);
});

test("messages for a socket that is closing end the connection and wait for the next one, in order", async () => {
  const { client, socket, nextSocket, clock, all } = await openClient();
  socket.readyState = 2;
  for (const data of ["later", "latest"]) {
    void client.send({ user: "alice" }, data).catch(() => {});
  }
  await clock.advance(10_000);
  expect(socket.messages).toEqual([]);
  expect(all("reconnecting").map(({ reason }) => reason)).toEqual(["The connection is closing."]);
  const next = await nextSocket();
  next.welcome("Nq3xYd7RiYcCG4B=");
  expect(next.messages.map(({ data }) => data)).toEqual(["later", "latest"]);
});
