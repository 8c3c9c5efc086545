import { fakeClient, openClient } from "./support/fake-client.ts";

const [OLD_ID, NEXT_ID] = ["Nq3xYd7RiYcCG4A=", "Nq3xYd7RiYcCG4B="];

test("when the next connection fails the old one goes on, and another attempt follows", async () => {
  const { client, clock, socket, sockets, all } = fakeClient({ rotateAfter: 100_000 });
  for (const _ of [1, 2, 3, 4]) {
    (await socket()).drop();
    await clock.advance(20_000);
  }
  const old = await socket();
  old.welcome(OLD_ID);
  await clock.advance(100_000);
  (await socket()).drop();
  void client.send({ user: "alice" }, 1).catch(() => {});
  expect(old.messages.length).toBe(1);
  expect(all("reconnecting")).toEqual([]);
  // The failures before the first success do not count any more: this is the second shortest delay.
  await clock.advance(2000);
  expect(sockets.length).toBe(7);
});

test.each(["during an attempt", "between two attempts"])(
  "when the old connection ends %s to exchange it, the delays go on growing",
  async (moment) => {
    const { clock, socket, nextSocket, delay } = await openClient({ rotateAfter: 100_000 });
    await clock.advance(100_000);
    const delays: number[] = [];
    for (const attempt of [1, 2, 3, 4]) {
      const next = await nextSocket();
      const both = moment === "during an attempt" ? [socket, next] : [next, socket];
      for (const ending of attempt === 3 ? both : [next]) {
        ending.drop();
      }
      delays.push(await delay());
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000]);
  },
);

test("a connection that has ended is not exchanged any more", async () => {
  const { clock, socket, sockets } = await openClient({ rotateAfter: 100_000, random: () => 0 });
  await clock.advance(98_000);
  socket.drop();
  await clock.advance(0);
  expect(sockets.length).toBe(2);
  // The rotation would have been in the middle of the next attempt.
  await clock.advance(10_000);
  expect(sockets.length).toBe(2);
});

test("when the old connection ends while the next one opens, the next one serves", async () => {
  const { client, clock, socket, nextSocket, sockets } = await openClient({ rotateAfter: 100_000 });
  await clock.advance(100_000);
  const next = await nextSocket();
  socket.drop(1001, "Going away");
  expect(client.state).toBe("reconnecting");
  void client.send({ user: "alice" }, "waits").catch(() => {});
  next.welcome(NEXT_ID);
  expect(client.state).toBe("open");
  expect(next.messages.map(({ data }) => data)).toEqual(["waits"]);
  await clock.advance(20_000);
  expect(sockets.length).toBe(2);
});

test("a trigger does not end the next connection's attempt while the old connection serves", async () => {
  const { client, clock, nextSocket, sockets, trigger } = await openClient({
    rotateAfter: 100_000,
  });
  await clock.advance(100_000);
  const next = await nextSocket();
  await clock.advance(5000);
  await trigger();
  expect([next.closedWith, sockets.length, client.state]).toEqual([undefined, 2, "open"]);
});

test("what is due on the old connection when it ends is unconfirmed", async () => {
  const { client, clock, socket, nextSocket } = await openClient({ rotateAfter: 100_000 });
  await clock.advance(100_000);
  const next = await nextSocket();
  const due = client.send({ user: "alice" }, 1);
  next.welcome(NEXT_ID);
  socket.drop(1001);
  await expect(due).rejects.toMatchObject({ code: "UNCONFIRMED", mayHaveArrived: true });
  expect(client.state).toBe("open");
});
