import type { Channel, ChannelEvents, Member } from "../../client/index.ts";
import { Inbox } from "../local-gateway/support/inbox.ts";
import { startGuardedRelay } from "../support/start-guarded-relay.ts";
import { fastClock } from "./support/fast-clock.ts";
import { startRelay, testClient } from "./support/relay-clients.ts";

const WITH_PRESENCE = { parameterOverrides: { PresenceWatchers: "20" } };

/** The events of a channel, to be awaited. */
function eventsOf(channel: Channel) {
  const inboxes = {
    message: new Inbox<ChannelEvents["message"]>(),
    presence: new Inbox<ChannelEvents["presence"]>(),
    closed: new Inbox<ChannelEvents["closed"]>(),
  };
  for (const name of ["message", "presence", "closed"] as const) {
    channel.on(name, (value) => (inboxes[name] as Inbox<unknown>).put(value));
  }
  return inboxes;
}

async function usersIn(channel: Channel): Promise<(string | undefined)[]> {
  const members: Member[] = [];
  for await (const member of channel.members()) {
    members.push(member);
  }
  return members.map(({ user }) => user).sort();
}

test("two users find each other in a channel, talk in it, and see each other come and go", async () => {
  await using relay = await startRelay(WITH_PRESENCE);
  const clock = fastClock(20);
  const alice = relay.connect({ user: "alice", clock, sendTimeout: 600_000 });
  const lobby = alice.client.subscribe("lobby", { presence: true });
  const seen = eventsOf(lobby);
  expect(await seen.presence.take()).toEqual({ event: "joined", user: "alice" });

  const bob = relay.connect({ user: "bob" });
  const bobsLobby = bob.client.subscribe("lobby");
  const received = eventsOf(bobsLobby);
  expect(await seen.presence.take()).toEqual({ event: "joined", user: "bob" });
  expect((await lobby.send("Hello!")).delivered).toBe(1);
  expect(await received.message.take()).toMatchObject({ data: "Hello!", to: { channel: "lobby" } });
  expect(await usersIn(bobsLobby)).toEqual(["alice", "bob"]);

  bobsLobby.unsubscribe();
  expect(await received.closed.take()).toEqual({ reason: "Unsubscribed." });
  expect(await seen.presence.take()).toEqual({ event: "left", user: "bob" });
  expect(await lobby.send("Where are you?")).toMatchObject({ delivered: 0, failed: 0 });
}, 30_000);

test("a backend closes a client with a reason, and takes another one out of a channel", async () => {
  await using relay = await startRelay();
  const alice = relay.connect({ user: "alice", channels: ["lobby", "news"] });
  const bob = relay.connect({ user: "bob", channel: "lobby" });
  await alice.events.open.take();
  await bob.events.open.take();
  const news = eventsOf(alice.client.subscribe("news"));

  await relay.invoke({ unsubscribe: { to: { user: "alice" }, channel: "news" } });
  expect(await news.closed.take()).toEqual({ reason: "Closed by the relay." });
  expect((await alice.client.send({ channel: "lobby" }, 1)).delivered).toBe(1);

  await relay.invoke({ disconnect: { to: { user: "bob" }, reason: "The lobby is closed." } });
  expect(await bob.events.closed.take()).toMatchObject({ reason: "The lobby is closed." });
  expect([bob.client.state, bob.events.reconnecting.size]).toEqual(["closed", 0]);
}, 30_000);

test("a client comes back to all its channels, those beyond the URL's ten as well", async () => {
  await using relay = await startRelay();
  const names = Array.from({ length: 14 }, (_, number) => `c${number}`);
  const alice = relay.connect({ user: "alice", channels: names });
  const bob = relay.connect({ user: "bob", channels: names });
  await alice.events.open.take();
  await bob.events.open.take();
  bob.cut();
  await bob.events.reconnecting.take();
  await bob.events.open.take();
  for (const channel of names) {
    await alice.client.send({ channel }, channel);
    expect((await bob.events.message.take()).data).toBe(channel);
  }
}, 30_000);

test("no message of any channel is missed or comes twice while a client rotates", async () => {
  await using relay = await startRelay();
  const names = Array.from({ length: 12 }, (_, number) => `c${number}`);
  const alice = relay.connect({ user: "alice", channels: names });
  const bob = relay.connect({ user: "bob", channels: names, rotateAfter: 1000, drainTime: 500 });
  await alice.events.open.take();
  await bob.events.open.take();
  const received: unknown[] = [];
  bob.client.on("message", ({ data }) => received.push(data));
  let sent = 0;
  while (bob.events.open.size < 4) {
    await alice.client.send({ channel: names[sent % names.length] ?? "" }, sent++);
  }
  await alice.client.send({ user: "bob" }, "end");
  while (!received.includes("end")) {
    await bob.events.message.take();
  }
  const numbers = received.filter((data) => data !== "end").map(Number);
  expect(numbers.sort((a, b) => a - b)).toEqual([...Array(sent).keys()]);
  expect(bob.events.reconnecting.size).toBe(0);
}, 60_000);

test("a further token opens a channel over rotations, and what no token opens closes with the error", async () => {
  await using relay = await startGuardedRelay();
  const { client, events } = testClient(relay.url, {
    token: () => relay.issue({ channels: ["lobby"] }),
    channels: ["lobby"],
    rotateAfter: 800,
  });
  try {
    const asked: string[] = [];
    const vip = client.subscribe("vip", {
      token: (channel) => {
        asked.push(channel);
        return relay.issue({ channels: [channel] });
      },
    });
    const closed = eventsOf(client.subscribe("secret")).closed;
    expect(await closed.take()).toMatchObject({ cause: { code: "FORBIDDEN" } });
    for (const _ of [1, 2, 3]) {
      await events.open.take();
      expect(await vip.send(1)).toMatchObject({ failed: 0 });
    }
    expect(new Set(asked)).toEqual(new Set(["vip"]));
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(events.reconnecting.size).toBe(0);
  } finally {
    client.close();
  }
}, 30_000);
