import { fakeClient, openClient } from "./support/fake-client.ts";
import { settle } from "./support/fake-clock.ts";

test("closing rejects what has no answer, closes the socket, and leaves no timer and no listener", async () => {
  const { client, clock, socket, all, listening } = await openClient();
  expect(listening()).toBe(true);
  const due = client.send({ user: "alice" }, 1);
  client.close();
  client.close();
  await expect(due).rejects.toMatchObject({ code: "CLOSED", mayHaveArrived: true });
  expect(client.state).toBe("closed");
  expect(all("closed")).toEqual([{ state: "closed", reason: "The client was closed." }]);
  expect(socket.closedWith).toBe(1000);
  expect([socket.onopen, socket.onmessage, socket.onclose]).toEqual([null, null, null]);
  expect([clock.timers, listening()]).toEqual([0, false]);
});

test("closing shakes hands, even where the WebSocket could end at once", async () => {
  const { client, socket } = await openClient();
  Object.assign(socket, {
    terminate: () => {
      throw new Error("ended at once");
    },
  });
  client.close();
  expect(socket.closedWith).toBe(1000);
});

test("a closed client rejects whatever it is given", async () => {
  const { client } = await openClient();
  client.close();
  await expect(client.send({ user: "alice" }, 1)).rejects.toMatchObject({
    code: "CLOSED",
    mayHaveArrived: false,
  });
  await expect(client.whoAmI()).rejects.toMatchObject({ code: "CLOSED" });
});

test("a client that is closed at once never connects", async () => {
  const { client, clock, sockets } = fakeClient();
  client.close();
  await settle();
  expect([sockets.length, clock.timers]).toEqual([0, 0]);
});

test("a client that is closed while its token is fetched never connects", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { client, clock, sockets } = fakeClient({ token: () => promise });
  await settle();
  client.close();
  resolve("a.b.c");
  await settle();
  expect([sockets.length, clock.timers]).toEqual([0, 0]);
});

test("a token function may close the client", async () => {
  const fake = fakeClient({
    token: () => {
      fake.client.close();
      return "a.b.c";
    },
  });
  await settle();
  expect([fake.sockets.length, fake.clock.timers]).toEqual([0, 0]);
  expect([fake.client.state, fake.listening()]).toEqual(["closed", false]);
});

test("a client that is closed when it says that it connects asks for no token", async () => {
  let calls = 0;
  const { client, clock, sockets } = fakeClient({ token: () => `token.${++calls}.x` });
  client.on("connecting", () => client.close());
  await settle();
  expect([calls, sockets.length, clock.timers]).toEqual([0, 0, 0]);
});

test("a client may be closed in the middle of an attempt, of a delay and of a rotation", async () => {
  const connecting = fakeClient();
  const attempt = await connecting.socket();
  connecting.client.close();
  expect([attempt.closedWith, connecting.clock.timers]).toEqual([1000, 0]);

  const waiting = await openClient();
  waiting.socket.drop();
  waiting.client.close();
  expect(waiting.clock.timers).toBe(0);

  const rotating = await openClient({ rotateAfter: 100_000 });
  await rotating.clock.advance(100_000);
  const next = await rotating.nextSocket();
  next.welcome("Nq3xYd7RiYcCG4B=");
  rotating.client.close();
  expect([rotating.socket.closedWith, next.closedWith]).toEqual([1000, 1000]);
  expect(rotating.clock.timers).toBe(0);
});

test("a listener may close the client when the connection opens or ends", async () => {
  const opening = fakeClient();
  opening.client.on("open", () => opening.client.close());
  (await opening.socket()).welcome("Nq3xYd7RiYcCG4A=");
  expect([opening.client.state, opening.clock.timers]).toEqual(["closed", 0]);

  const ending = await openClient();
  ending.client.on("reconnecting", () => ending.client.close());
  ending.socket.drop();
  await ending.clock.advance(60_000);
  expect([ending.sockets.length, ending.clock.timers]).toEqual([1, 0]);
});

test("a trigger while the client says that it is closed connects nothing", async () => {
  const { client, clock, socket, sockets, listening, trigger } = await openClient();
  const stillListening: boolean[] = [];
  client.on("closed", () => {
    stillListening.push(listening());
    void trigger();
  });
  socket.drop();
  client.close();
  await clock.advance(60_000);
  expect([stillListening, sockets.length, clock.timers]).toEqual([[false], 1, 0]);
});

test("when a listener closes the client, the others receive the opening before the end", async () => {
  const { client, socket } = fakeClient();
  client.on("open", () => client.close());
  const received: string[] = [];
  for (const name of ["open", "closed"] as const) {
    client.on(name, ({ state }) => received.push(state));
  }
  (await socket()).welcome("Nq3xYd7RiYcCG4A=");
  expect(received).toEqual(["open", "closed"]);
});
