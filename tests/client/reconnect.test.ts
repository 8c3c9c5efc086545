import { openClient } from "./support/fake-client.ts";

test("a client that was open once never gives up", async () => {
  const { client, clock, socket, nextSocket, sockets, all } = await openClient({ maxAttempts: 1 });
  socket.drop();
  for (let attempt = 0; attempt < 20; attempt++) {
    await clock.advance(30_000);
    (await nextSocket()).drop();
  }
  expect(client.state).toBe("reconnecting");
  expect(sockets.length).toBe(21);
  expect(all("reconnecting")[0]?.reason).toBe("The connection ended with code 1006.");
  await clock.advance(30_000);
  (await nextSocket()).welcome("Nq3xYd7RiYcCG4B=");
  expect(client.state).toBe("open");
});

test("each delay is drawn anew below a limit that doubles up to the longest", async () => {
  const draws: number[] = [];
  const random = () => {
    draws.push(0.5);
    return 0.5;
  };
  const { clock, socket, nextSocket } = await openClient({ baseDelay: 100, maxDelay: 500, random });
  draws.length = 0;
  await clock.advance(1000);
  socket.drop();
  const delays: (number | undefined)[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    delays.push(clock.next);
    await clock.advance(clock.next ?? 0);
    (await nextSocket()).drop();
  }
  expect(delays).toEqual([50, 50, 100, 200, 250]);
  expect(draws.length).toBe(6);
});

test("connections that end as soon as they open are failures, so the delay grows", async () => {
  const { clock, socket, nextSocket } = await openClient({ baseDelay: 100 });
  const delays: number[] = [];
  let last = socket;
  for (let attempt = 0; attempt < 3; attempt++) {
    last.drop(1008);
    delays.push(Math.round(clock.next ?? 0));
    await clock.advance(clock.next ?? 0);
    last = await nextSocket();
    last.welcome("Nq3xYd7RiYcCG4B=");
  }
  expect(delays).toEqual([100, 200, 400]);
});

test("on a reconnect trigger a waiting attempt begins at once", async () => {
  const { socket, sockets, trigger } = await openClient();
  socket.drop();
  expect(sockets.length).toBe(1);
  await trigger();
  expect(sockets.length).toBe(2);
  await trigger();
  expect(sockets.length).toBe(2);
});

test("on a reconnect trigger an open connection is asked at once whether it is alive, and asked once", async () => {
  const { client, clock, socket, trigger } = await openClient({ heartbeatTimeout: 1000 });
  socket.text("hello");
  await trigger();
  expect(socket.heartbeats).toBe(2);
  await clock.advance(999);
  await trigger();
  expect(socket.heartbeats).toBe(2);
  expect(client.state).toBe("open");
  await clock.advance(1);
  expect(client.state).toBe("reconnecting");
});

test("a connection that lived long makes the next delay short again", async () => {
  const { clock, socket, nextSocket } = await openClient({ baseDelay: 100, maxDelay: 500 });
  socket.drop();
  for (let attempt = 0; attempt < 4; attempt++) {
    await clock.advance(clock.next ?? 0);
    (await nextSocket()).drop();
  }
  expect(Math.round(clock.next ?? 0)).toBe(500);
  await clock.advance(clock.next ?? 0);
  const lasting = await nextSocket();
  lasting.welcome("Nq3xYd7RiYcCG4B=");
  await clock.advance(501);
  lasting.drop();
  expect(Math.round(clock.next ?? 0)).toBe(100);
});

test("on a reconnect trigger an attempt that has hung for a second gives way to a new one", async () => {
  const { clock, sockets, socket, trigger } = await openClient();
  socket.drop();
  await trigger();
  await clock.advance(999);
  await trigger();
  expect(sockets.length).toBe(2);
  await clock.advance(1);
  await trigger();
  expect(sockets.length).toBe(3);
  expect(sockets[1]?.closedWith).toBe(1000);
});

test("a storm of triggers asks an open connection once a second at most, and the last of them counts", async () => {
  const { clock, socket, trigger } = await openClient();
  await clock.advance(500);
  for (let count = 0; count < 100; count++) {
    await trigger();
    socket.register("Nq3xYd7RiYcCG4A=", 7000);
  }
  expect(socket.heartbeats).toBe(2);
  await clock.advance(2000);
  expect(socket.heartbeats).toBe(3);
  socket.register("Nq3xYd7RiYcCG4A=", 7000);
  await clock.advance(60_000);
  expect(socket.heartbeats).toBe(3);
});

test("a storm of triggers makes one attempt a second at most", async () => {
  const { clock, socket, sockets, trigger } = await openClient({ baseDelay: 30_000 });
  socket.drop();
  for (let count = 0; count < 100; count++) {
    await trigger();
    sockets.at(-1)?.drop();
    await clock.advance(15);
  }
  // In one second and a half, in which no attempt was due.
  expect(sockets.length).toBe(1 + 2);
});

test("1,000 clients with a baseDelay of 2 s come back at API Gateway's 500 new connections a second", async () => {
  const CLIENTS = 1000;
  const perSecond = [0, 0];
  for (let number = 0; number < CLIENTS; number++) {
    const random = () => number / CLIENTS;
    const { client, socket, delay } = await openClient({ baseDelay: 2000, random });
    socket.drop();
    const second = Math.floor((await delay()) / 1000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
    client.close();
  }
  expect(perSecond).toEqual([500, 500]);
});
