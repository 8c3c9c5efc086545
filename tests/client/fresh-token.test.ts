import { fakeClient } from "./support/fake-client.ts";

const [OLD_ID, NEXT_ID] = ["Nq3xYd7RiYcCG4A=", "Nq3xYd7RiYcCG4B="];

/** A client whose token function gives another token each time, and whose first connection is registered for so long. */
async function openFor(seconds: number, random = 0) {
  let calls = 0;
  const fake = fakeClient({ token: async () => `token.${++calls}.x`, random: () => random });
  const first = await fake.socket();
  first.welcome(OLD_ID, seconds);
  return { ...fake, first };
}

/** Lets time pass, in which each heartbeat is answered. */
async function pass(
  { clock, first }: Awaited<ReturnType<typeof openFor>>,
  seconds: number,
  left: number,
): Promise<void> {
  for (let second = 1; second <= seconds; second++) {
    const { heartbeats } = first;
    await clock.advance(1000);
    if (first.heartbeats > heartbeats) {
      first.register(OLD_ID, left - second);
    }
  }
}

test.each([
  [3600, 0, 3540],
  [3600, 1, 3186],
  [60, 0, 30],
])(
  "a connection that is registered for %i s moves to a fresh token in time, with the random number %i after %i s",
  async (seconds, random, expected) => {
    const fake = await openFor(seconds, random);
    await pass(fake, expected - 1, seconds);
    expect(fake.sockets.length).toBe(1);
    await pass(fake, 1, seconds - expected + 1);
    const next = await fake.socket();
    expect([fake.sockets.length, next.protocols]).toEqual([2, ["relay.v1", "bearer.token.2.x"]]);
    next.welcome(NEXT_ID, 3600);
    expect(fake.all("reconnecting")).toEqual([]);
    await fake.clock.advance(5000);
    expect(fake.first.closedWith).toBe(1000);
  },
);

test("the relay's seconds count, as its last answer has them", async () => {
  const fake = await openFor(3600);
  await fake.clock.advance(300_000);
  // The machine was asleep meanwhile, perhaps, and our clock stood still.
  fake.first.register(OLD_ID, 100);
  await fake.clock.advance(49_999);
  expect(fake.sockets.length).toBe(1);
  await fake.clock.advance(1);
  expect(fake.sockets.length).toBe(2);
});

test("an answer while the next connection is on its way makes no third one", async () => {
  const fake = await openFor(60);
  await fake.clock.advance(30_000);
  fake.first.register(OLD_ID, 2);
  await fake.clock.advance(1500);
  expect(fake.sockets.length).toBe(2);
});

test("a function that keeps its token until it ends is asked again just after that, and not in a storm", async () => {
  const { clock, socket, sockets } = fakeClient({ token: () => "same.token.x", random: () => 0 });
  (await socket()).welcome(OLD_ID, 60);
  await clock.advance(30_000);
  (await socket()).welcome(NEXT_ID, 30);
  await clock.advance(30_999);
  expect(sockets.length).toBe(2);
  await clock.advance(1);
  expect(sockets.length).toBe(3);
});

test("a token that is kept over a rotation in the middle of its time is renewed before its end all the same", async () => {
  const { clock, socket, sockets } = fakeClient({
    token: () => "same.token.x",
    random: () => 0,
    rotateAfter: 600_000,
    heartbeatAfter: 3_600_000,
  });
  (await socket()).welcome(OLD_ID, 900);
  await clock.advance(600_000);
  (await socket()).welcome(NEXT_ID, 300);
  await clock.advance(239_999);
  expect(sockets.length).toBe(2);
  await clock.advance(1);
  expect(sockets.length).toBe(3);
});

test("a registration in its last second is renewed a second later, and once a second at most", async () => {
  const { clock, socket, sockets } = fakeClient({ token: () => "same.token.x", random: () => 0 });
  for (const attempt of [1, 2, 3]) {
    (await socket()).welcome(NEXT_ID, 0);
    await clock.advance(999);
    expect(sockets.length).toBe(attempt);
    await clock.advance(1);
  }
  expect(sockets.length).toBe(4);
});

test("a function that gives a short token each time causes one connection in half of its time", async () => {
  const { clock, socket, sockets } = await openFor(10);
  for (const attempt of [2, 3, 4]) {
    await clock.advance(4999);
    expect(sockets.length).toBe(attempt - 1);
    await clock.advance(1);
    (await socket()).welcome(NEXT_ID, 10);
  }
});

test.each([undefined, "token.1.x"])(
  "with the token %s the end of the registration moves nothing",
  async (token) => {
    const { clock, socket, sockets } = fakeClient({ token });
    (await socket()).welcome(OLD_ID, 60);
    await clock.advance(299_000);
    expect(sockets.length).toBe(1);
  },
);

test.each([undefined, "soon", -5])(
  "an answer with expiresIn %j moves nothing",
  async (expiresIn) => {
    const { clock, socket, sockets } = fakeClient({ token: () => "token.1.x" });
    const first = await socket();
    first.open();
    first.frame({ relay: "id", id: "heartbeat", connectionId: OLD_ID, expiresIn });
    await clock.advance(299_000);
    expect(sockets.length).toBe(1);
  },
);

test("a fresh token that does not come leaves the old connection in its place, and is tried again", async () => {
  let fails = false;
  const { client, clock, socket, sockets, all } = fakeClient({
    random: () => 0.5,
    token: () => {
      if (fails) {
        throw new Error("Nobody is signed in.");
      }
      return "token.1.x";
    },
  });
  const first = await socket();
  first.welcome(OLD_ID, 200);
  fails = true;
  await clock.advance(150_000);
  expect([client.state, sockets.length, all("reconnecting")]).toEqual(["open", 1, []]);
  void client.send({ user: "alice" }, 1).catch(() => {});
  expect(first.messages.length).toBe(1);
  fails = false;
  await clock.advance(15_000);
  expect(sockets.length).toBe(2);
});
