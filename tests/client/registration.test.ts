import { openClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";
import { rejection } from "./support/rejection.ts";

const NEXT_ID = "Nq3xYd7RiYcCG4B=";
const LOST = { state: "reconnecting", reason: "The relay has lost the registration." };

test("a heartbeat that finds the registration lost makes the client connect anew at once, and the old connection ends", async () => {
  const { client, clock, socket, nextSocket, sockets, all } = await openClient();
  await clock.advance(300_000);
  socket.forget();
  expect(all("reconnecting")).toEqual([LOST]);
  const next = await nextSocket();
  expect([next === socket, sockets.length]).toEqual([false, 2]);
  next.welcome(NEXT_ID);
  expect(client.state).toBe("open");
  await clock.advance(5000);
  expect([socket.closedWith, all("error")]).toEqual([1000, []]);
});

test("a message that was not sent for want of a registration goes out on the next connection, in its order", async () => {
  const { client, socket, nextSocket } = await openClient();
  const sent = [1, 2].map((data) => client.send({ channel: "lobby" }, data));
  socket.forget("1");
  const later = client.send({ channel: "lobby" }, 3);
  socket.forget("2");
  const next = await nextSocket();
  next.welcome(NEXT_ID);
  expect(next.messages.map(({ data }) => data)).toEqual([1, 2, 3]);
  for (const place of [0, 1, 2]) {
    next.receipt(place);
  }
  expect((await Promise.all([...sent, later])).map(({ delivered }) => delivered)).toEqual([
    1, 1, 1,
  ]);
});

test("what the old connection has delivered is answered on it, and not sent again", async () => {
  const { client, clock, socket, nextSocket } = await openClient();
  const raw = client.send("C50a8cvrtjMCI7w=", "raw");
  socket.forget();
  (await nextSocket()).welcome(NEXT_ID);
  await clock.advance(6000);
  socket.receipt(0);
  expect((await raw).delivered).toBe(1);
  expect((await nextSocket()).messages).toEqual([]);
  await clock.advance(1000);
  expect(socket.closedWith).toBe(1000);
});

test("a message that waits for a registration keeps its time, and has certainly not arrived", async () => {
  const { client, clock, socket } = await openClient({ sendTimeout: 500 });
  const sent = rejection(client.send({ user: "alice" }, 1));
  socket.forget("1");
  await clock.advance(500);
  expect(await sent).toEqual({ code: "TIMEOUT", mayHaveArrived: false });
});

test("a registration that is lost again and again makes the delays grow: at once only the first time", async () => {
  const { clock, socket, nextSocket, delay } = await openClient();
  let last = socket;
  const delays: number[] = [];
  for (const attempt of [1, 2, 3, 4]) {
    const before = await nextSocket();
    last.forget();
    await settle();
    delays.push((await nextSocket()) === before ? await delay() : 0);
    last = await nextSocket();
    last.welcome(`Nq3xYd7RiYcCG4${attempt}=`);
  }
  expect(delays).toEqual([0, 2000, 4000, 8000]);
  await clock.advance(31_000);
  last.forget();
  expect(await nextSocket()).not.toBe(last);
});

test("a relay that never registers this connection gets one message once for each connection", async () => {
  const { client, clock, sockets } = await openClient({ sendTimeout: 60_000 });
  const sent = rejection(client.send({ user: "alice" }, 1));
  for (let second = 0; second < 60; second++) {
    const newest = sockets.at(-1);
    if (newest?.readyState === 0) {
      newest.welcome(NEXT_ID);
    }
    for (const { id } of newest?.messages ?? []) {
      newest?.forget(id);
    }
    await clock.advance(1000);
  }
  expect(await sent).toEqual({ code: "TIMEOUT", mayHaveArrived: false });
  expect(sockets.map(({ messages }) => messages.length).every((count) => count <= 1)).toBe(true);
  expect(sockets.length).toBeLessThan(9);
});

test("an answer of an old connection that comes twice does not recall what the next one has sent", async () => {
  const { client, socket, nextSocket } = await openClient();
  const sent = client.send({ user: "alice" }, 1);
  socket.forget("1");
  const next = await nextSocket();
  next.welcome(NEXT_ID);
  socket.forget("1");
  expect(next.messages.length).toBe(1);
  next.receipt(0);
  expect((await sent).delivered).toBe(1);
});

test("a message that an old connection could not send goes out on the current one", async () => {
  const { client, clock, socket, nextSocket, sockets } = await openClient({
    rotateAfter: 100_000,
    random: () => 0,
  });
  await clock.advance(99_999);
  const sent = client.send({ user: "alice" }, 1);
  await clock.advance(1);
  const next = await nextSocket();
  next.welcome(NEXT_ID);
  socket.forget("1");
  expect(next.messages.map(({ data }) => data)).toEqual([1]);
  next.receipt(0);
  expect((await sent).delivered).toBe(1);
  expect([client.state, sockets.length]).toEqual(["open", 2]);
});

test("a heartbeat that the relay cannot answer for want of its table is a sign of life", async () => {
  const { client, clock, socket, sockets, all } = await openClient();
  await clock.advance(300_000);
  socket.frame({ relay: "error", code: "UNAVAILABLE", message: "Later.", id: "heartbeat" });
  await clock.advance(60_000);
  expect([client.state, sockets.length, all("error")]).toEqual(["open", 1, []]);
});

test("a lost registration that belongs to no message is an error for the listeners, and heals as well", async () => {
  const { client, socket, nextSocket, all } = await openClient();
  socket.frame({ relay: "error", code: "NOT_REGISTERED", message: "Connect again." });
  expect(all("error")).toMatchObject([{ code: "NOT_REGISTERED", mayHaveArrived: false }]);
  expect(await nextSocket()).not.toBe(socket);
  expect(client.state).toBe("reconnecting");
});

test("an attempt whose first question finds no registration has failed, and the next one waits", async () => {
  const { clock, socket, nextSocket, all, delay } = await openClient({ baseDelay: 100 });
  socket.forget();
  const next = await nextSocket();
  next.open();
  next.forget();
  expect(all("reconnecting").at(-1)?.reason).toMatch(/^The relay did not say who we are: /);
  expect(await delay()).toBe(200);
  expect(clock.timers).toBeGreaterThan(0);
});
