import { setImmediate } from "node:timers/promises";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const LOBBY = { channel: "lobby" };
const BOB = { relay: "presence", channel: "lobby", connectionId: "bob=", user: "bob" };

/** Alice watches the lobby; Bob is registered. */
async function assemble(options: Parameters<typeof assembleDomain>[0] = {}) {
  const domain = assembleDomain({ presenceWatchers: 2, ...options });
  domain.connect("alice=", { user: "alice" });
  domain.connect("bob=", { user: "bob" });
  await domain.subscribeFrom("alice=", { ...LOBBY, presence: true });
  return domain;
}

describe("Presence notifies those who asked, but not the connection itself,", () => {
  test("of who subscribes and unsubscribes, after they have their own answers", async () => {
    const { subscribeFrom, unsubscribeFrom, sender, frames } = await assemble();
    await subscribeFrom("bob=", { ...LOBBY, presence: true, id: "s1" });
    await unsubscribeFrom("bob=", { ...LOBBY, id: "u1" });
    expect(frames("alice=")).toEqual([
      { ...BOB, event: "joined", since: NOW, expiresIn: 60 },
      { ...BOB, event: "left", since: NOW, expiresIn: 60 },
    ]);
    expect(frames("bob=")).toMatchObject([{ relay: "subscribed" }, { relay: "unsubscribed" }]);
    expect(sender.tries).toEqual(["send bob=", "send alice=", "send bob=", "send alice="]);
  });

  test("of who connects with the channel in the URL, and disconnects", async () => {
    const { connecting, disconnecting, frames } = await assemble();
    await connecting({ connectionId: "carol=", channels: ["lobby", "news"] });
    await disconnecting("carol=");
    await disconnecting("carol=");
    const carol = { relay: "presence", channel: "lobby", connectionId: "carol=", since: NOW };
    expect(frames("alice=")).toEqual([
      { ...carol, event: "joined", expiresIn: 7800 },
      { ...carol, event: "left", expiresIn: 7800 },
    ]);
  });

  test("of whom a backend closes or takes out of the channel", async () => {
    const { connect, subscribeFrom, disconnectTargets, unsubscribeTargets, frames } =
      await assemble();
    connect("carol=", { user: "carol" });
    await subscribeFrom("bob=", LOBBY);
    await subscribeFrom("carol=", LOBBY);
    await disconnectTargets({ to: { user: "bob" } });
    await unsubscribeTargets({ to: { user: "carol" }, ...LOBBY });
    expect(frames("alice=").slice(2)).toMatchObject([
      { ...BOB, event: "left" },
      { connectionId: "carol=", event: "left" },
    ]);
  });

  test("of who proves to be gone twice, and not of who is alive", async () => {
    const { connect, subscribeFrom, relayFrom, sender, frames } = await assemble();
    connect("carol=", { user: "carol" });
    await subscribeFrom("bob=", LOBBY);
    await subscribeFrom("carol=", LOBBY);
    sender.answerWith("bob=", "gone");
    sender.answerWith("carol=", "gone", "delivered");
    await relayFrom("alice=", { forward: LOBBY, data: 1 });
    expect(frames("alice=").filter((it) => "event" in Object(it))).toMatchObject([
      { ...BOB, event: "joined" },
      { connectionId: "carol=", event: "joined" },
      { ...BOB, event: "left" },
    ]);
  });

  test("once: to subscribe again changes nothing, unless the membership ends at another time", async () => {
    const { connect, subscribeFrom, frames } = await assemble();
    await subscribeFrom("bob=", LOBBY);
    await subscribeFrom("bob=", { ...LOBBY, presence: true });
    expect(frames("alice=")).toHaveLength(1);
    connect("bob=", { user: "bob", expiresAt: NOW + 90_000 });
    await subscribeFrom("bob=", LOBBY);
    expect(frames("alice=")).toMatchObject([
      { event: "joined", since: NOW, expiresIn: 60 },
      { event: "joined", since: NOW, expiresIn: 90 },
    ]);
  });

  test("and not of a membership that has ended before", async () => {
    const { store, disconnecting, frames } = await assemble();
    const ended = { connectionId: "bob=", ...LOBBY, since: 0, expiresAt: NOW, presence: false };
    store.putMembership(ended);
    await disconnecting("bob=");
    expect(frames("alice=")).toEqual([]);
  });

  test("and nobody who has not asked, who asks no longer, or whose own membership has ended", async () => {
    let now = NOW;
    const { connect, subscribeFrom, frames } = await assemble({ clock: () => now });
    connect("carol=", { ...LOBBY, expiresAt: NOW + 200_000 });
    connect("dave=", { expiresAt: NOW + 200_000 });
    connect("bob=", { user: "bob", expiresAt: NOW + 200_000 });
    await subscribeFrom("dave=", { ...LOBBY, presence: true });
    await subscribeFrom("dave=", LOBBY);
    now += 60_000;
    await subscribeFrom("bob=", LOBBY, now + 25_000);
    for (const id of ["carol=", "dave="]) {
      expect(frames(id)).toEqual([]);
    }
    // Dave's joining, before his membership ended.
    expect(frames("alice=")).toMatchObject([{ connectionId: "dave=" }]);
  });
});

describe("Presence has its limits:", () => {
  test("one watcher too many is rejected, and those who ask again are not", async () => {
    const { connect, subscribeFrom, store, frames } = await assemble();
    connect("carol=");
    await subscribeFrom("bob=", { ...LOBBY, presence: true });
    await subscribeFrom("carol=", { ...LOBBY, presence: true, id: "s1" });
    expect(frames("carol=")).toMatchObject([{ code: "LIMIT_EXCEEDED", id: "s1" }]);
    expect(store.memberships.map(({ connectionId }) => connectionId)).toEqual(["alice=", "bob="]);
    await subscribeFrom("alice=", { ...LOBBY, presence: true, id: "s2" });
    expect(frames("alice=").at(-1)).toMatchObject({ relay: "subscribed", id: "s2" });
    await subscribeFrom("carol=", { ...LOBBY, id: "s3" });
    expect(frames("carol=").at(-1)).toMatchObject({ relay: "subscribed", id: "s3" });
  });

  test("no more watchers are notified, although those who ask at the same time may be more", async () => {
    const { connect, subscribeFrom, store, frames } = await assemble();
    const extra = ["carol=", "dave=", "erin="];
    for (const connectionId of extra) {
      connect(connectionId);
    }
    store.holdIndexes();
    for (const connectionId of extra) {
      await subscribeFrom(connectionId, { ...LOBBY, presence: true });
    }
    store.releaseIndexes();
    expect(store.memberships.filter(({ presence }) => presence)).toHaveLength(4);
    await subscribeFrom("bob=", LOBBY);
    const notified = ["alice=", ...extra].filter((id) =>
      frames(id).some((it) => Object(it).connectionId === "bob="),
    );
    expect(notified).toHaveLength(2);
    await subscribeFrom("bob=", { ...LOBBY, presence: true, id: "s1" });
    expect(frames("bob=")).toMatchObject([{ code: "LIMIT_EXCEEDED", id: "s1" }]);
  });

  test("a connection watches ten channels at most", async () => {
    const { subscribeFrom, store, frames } = await assemble();
    const channel = Array.from({ length: 10 }, (_, index) => `channel-${index}`);
    await subscribeFrom("alice=", { channel, presence: true, id: "s1" });
    expect(frames("alice=")).toMatchObject([{ code: "LIMIT_EXCEEDED", id: "s1" }]);
    await subscribeFrom("alice=", { channel: channel.slice(1), presence: true });
    await subscribeFrom("alice=", { channel: channel.slice(0, 1) });
    expect(store.memberships.filter(({ presence }) => presence)).toHaveLength(10);
    expect(store.memberships).toHaveLength(11);
  });

  test("where it is off nobody may ask, and no operation makes one query more", async () => {
    const domain = assembleDomain();
    const { store, connecting, subscribeFrom, unsubscribeFrom, disconnecting } = domain;
    const asked: string[] = [];
    store.beforeAccess = (access) => asked.push(access);
    domain.sender.connect("alice=");
    await connecting({ connectionId: "alice=", channels: ["lobby"] });
    await subscribeFrom("alice=", { channel: "news", presence: true });
    await subscribeFrom("alice=", { channel: "news" });
    await unsubscribeFrom("alice=", { channel: "news" });
    await disconnecting("alice=");
    expect(domain.frames("alice=")).toMatchObject([{ code: "INVALID_MESSAGE" }]);
    expect(asked).not.toContain("query watchers");
  });
});

describe("Presence never stands in the way:", () => {
  test("what is done is done although the watchers cannot be read, and the failure is reported", async () => {
    const { connecting, unsubscribeFrom, disconnecting, subscribeFrom, store, frames } =
      await assemble();
    await subscribeFrom("bob=", LOBBY);
    const failure = new Error("The index is away.");
    store.findWatchers = () => Promise.reject(failure);
    expect(await connecting({ connectionId: "carol=", channels: ["lobby"] })).toEqual({
      kind: "connected",
      failures: [failure],
    });
    expect(await unsubscribeFrom("bob=", { ...LOBBY, id: "u1" })).toMatchObject({
      error: undefined,
      failures: [failure],
    });
    expect(await disconnecting("carol=")).toEqual({ failures: [failure] });
    expect(frames("bob=")).toMatchObject([{ relay: "unsubscribed" }]);
    expect(store.memberships).toMatchObject([{ connectionId: "alice=" }]);
  });

  test("a watcher who is gone is removed in silence", async () => {
    const { connect, subscribeFrom, sender, store, frames } = await assemble();
    await subscribeFrom("bob=", { ...LOBBY, presence: true });
    connect("carol=");
    sender.answerWith("bob=", "gone");
    await subscribeFrom("carol=", LOBBY);
    expect(store.connections.has("bob=")).toBe(false);
    expect(frames("alice=")).toMatchObject([
      { connectionId: "bob=", event: "joined" },
      { connectionId: "carol=", event: "joined" },
    ]);
  });

  test("the watchers of one channel after those of another, and not when their time is over", async () => {
    let now = NOW;
    let pending = 0;
    let most = 0;
    const { store, sender, parts, disconnecting } = await assemble({
      clock: () => now,
      presenceWatchers: 5,
      wrap: (real) => ({
        send: async (...args) => {
          pending += 1;
          most = Math.max(most, pending);
          await setImmediate();
          pending -= 1;
          now += 200;
          return await real.send(...args);
        },
        probe: (...args) => real.probe(...args),
        close: (...args) => real.close(...args),
      }),
    });
    const member = { since: NOW, expiresAt: NOW + 60_000 };
    for (let index = 0; index < 10; index += 1) {
      const channel = `channel-${index}`;
      store.putMembership({ ...member, connectionId: "bob=", channel, presence: false });
      for (let watcher = 0; watcher < 5; watcher += 1) {
        const connectionId = `watcher-${watcher}=`;
        sender.connect(connectionId);
        store.putMembership({ ...member, connectionId, channel, presence: true });
      }
    }
    expect(await disconnecting("bob=")).toEqual({ failures: [] });
    expect(most).toBe(5);
    // Three seconds, at 200 ms for each post.
    expect(sender.tries).toHaveLength(15);
    const membership = { ...member, connectionId: "bob=", channel: "channel-0", presence: false };
    sender.answerWith("watcher-0=", new Error("The network is away."));
    const onFailure = (failure: unknown) => {
      throw failure;
    };
    for (const id of ["watcher-0=", "watcher-1="]) {
      const options = { deadline: now + 1000, onFailure };
      const notified = parts.presence.notifyWatchers([id], "joined", membership, options);
      await notified.catch(() => undefined);
    }
    expect(sender.tries.at(-1)).toBe("send watcher-1=");
    expect(sender.tries).toHaveLength(17);
  });

  test("a watcher who does not read is tried twice", async () => {
    const { subscribeFrom, sender } = await assemble();
    sender.answerWith("alice=", "throttled");
    const report = await subscribeFrom("bob=", { ...LOBBY, id: "s1" });
    expect(report).toMatchObject({ answered: "delivered", failures: [] });
    expect(sender.tries).toEqual(["send bob=", "send alice=", "send alice="]);
  });
});
