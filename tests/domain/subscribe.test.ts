import { InMemoryTokenVerifier } from "../support/in-memory-token-verifier.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const channelsOf = (store: ReturnType<typeof assembleDomain>["store"], connectionId: string) =>
  store.memberships.filter((it) => it.connectionId === connectionId).map(({ channel }) => channel);

const names = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => `channel-${first + index}`);

describe("Subscribe", () => {
  test("joins a channel for as long as the connection is registered, and says so", async () => {
    const { connect, subscribeFrom, store, frames } = assembleDomain();
    connect("alice=", { user: "alice" });
    await subscribeFrom("alice=", { channel: "lobby", id: "s1" });
    expect(frames("alice=")).toEqual([
      { relay: "subscribed", channels: [{ channel: "lobby", expiresIn: 60 }], id: "s1" },
    ]);
    expect(store.memberships).toEqual([
      {
        connectionId: "alice=",
        channel: "lobby",
        user: "alice",
        since: NOW,
        expiresAt: NOW + 60_000,
        presence: false,
      },
    ]);
  });

  test("lets its members send to the channel and receive what others send", async () => {
    const { connect, subscribeFrom, relayFrom, frames } = assembleDomain();
    connect("alice=", { user: "alice", channel: "lobby" });
    connect("bob=", { user: "bob" });
    const forward = { channel: "lobby" };
    await relayFrom("bob=", { forward, data: 1 });
    await subscribeFrom("bob=", { channel: "lobby" });
    await relayFrom("bob=", { forward, data: 2 });
    await relayFrom("alice=", { forward, data: 3 });
    expect(frames("bob=")).toMatchObject([{ code: "FORBIDDEN" }, { data: 3 }]);
    expect(frames("alice=")).toMatchObject([
      { data: 2, from: { connectionId: "bob=", user: "bob" } },
    ]);
  });

  test("joins a list of channels, each once, in one spelling, and answers nothing without an id", async () => {
    const { connect, subscribeFrom, store, sender } = assembleDomain();
    connect("alice=");
    await subscribeFrom("alice=", { channel: ["lobby", "cafe\u0301", "lobby", "caf\u00e9"] });
    expect(channelsOf(store, "alice=")).toEqual(["lobby", "caf\u00e9"]);
    expect(sender.inbox("alice=")).toEqual([]);
  });

  test("is idempotent: to join again keeps since when the connection is in the channel", async () => {
    let now = NOW;
    const { connect, subscribeFrom, store, frames } = assembleDomain({ clock: () => now });
    connect("alice=");
    await subscribeFrom("alice=", { channel: "lobby", id: "s1" });
    now += 1000;
    await subscribeFrom("alice=", { channel: ["lobby", "news"], id: "s2" });
    expect(store.memberships).toMatchObject([
      { channel: "lobby", since: NOW },
      { channel: "news", since: NOW + 1000 },
    ]);
    expect(frames("alice=")).toMatchObject([{ id: "s1" }, { id: "s2" }]);
  });

  test("begins a new membership in place of one that has ended", async () => {
    const { connect, subscribeFrom, store } = assembleDomain();
    connect("alice=");
    store.putMembership({
      connectionId: "alice=",
      channel: "lobby",
      since: 1,
      expiresAt: NOW,
      presence: true,
    });
    await subscribeFrom("alice=", { channel: "lobby" });
    expect(store.memberships).toMatchObject([{ since: NOW, presence: false }]);
  });

  test.each([
    [{}, '"channel" must be a name'],
    [{ channel: "" }, '"channel" must be a name'],
    [{ channel: [] }, '"channel" must be a name'],
    [{ channel: ["lobby", "a b"] }, '"channel" must be a name'],
    [{ channel: ["lobby", ["news"]] }, '"channel" must be a name'],
    [{ channel: { lobby: true } }, '"channel" must be a name'],
    [{ channel: "lobby", presence: "yes" }, '"presence" must be true or false'],
    [{ channel: "lobby", presence: true }, '"presence" is not available here'],
    [{ channel: "lobby", token: 5 }, '"token" must be a string'],
    [{ channel: "lobby", token: "good" }, '"token" is not available here'],
    [{ channel: "lobby", id: "" }, '"id" must be a string'],
    ["lobby", "The message must be a JSON object"],
    [null, "The message must be a JSON object"],
  ])("rejects %j, and joins nothing", async (message, sentence) => {
    const { connect, subscribeFrom, store, frames } = assembleDomain();
    connect("alice=");
    await subscribeFrom("alice=", message);
    expect(frames("alice=")).toMatchObject([
      { relay: "error", code: "INVALID_MESSAGE", message: expect.stringContaining(sentence) },
    ]);
    expect(store.memberships).toEqual([]);
  });

  test("rejects a message that names more than 24 channels, and joins none of them", async () => {
    const { connect, subscribeFrom, store, frames } = assembleDomain();
    connect("alice=");
    await subscribeFrom("alice=", { channel: names(25), id: "s1" });
    expect(frames("alice=")).toMatchObject([{ code: "LIMIT_EXCEEDED", id: "s1" }]);
    expect(store.memberships).toEqual([]);
    await subscribeFrom("alice=", { channel: names(24) });
    expect(store.memberships).toHaveLength(24);
  });

  test("rejects the hundred and first channel, and joins again those that it is in", async () => {
    const { connect, subscribeFrom, store, frames } = assembleDomain();
    connect("alice=");
    for (const first of [0, 20, 40, 60, 80]) {
      await subscribeFrom("alice=", { channel: names(20, first) });
    }
    await subscribeFrom("alice=", { channel: ["channel-5", "another"], id: "s1" });
    await subscribeFrom("alice=", { channel: names(24), id: "s2" });
    expect(frames("alice=")).toMatchObject([
      { code: "LIMIT_EXCEEDED", id: "s1" },
      { relay: "subscribed", id: "s2" },
    ]);
    expect(store.memberships).toHaveLength(100);
  });

  test("answers NOT_REGISTERED to a connection that is not registered, or not any more", async () => {
    const { connect, subscribeFrom, store, sender, frames } = assembleDomain();
    sender.connect("stranger=");
    connect("alice=", { expiresAt: NOW });
    for (const id of ["stranger=", "alice="]) {
      await subscribeFrom(id, { channel: "lobby" });
      expect(frames(id)).toMatchObject([{ code: "NOT_REGISTERED" }]);
    }
    expect(store.memberships).toEqual([]);
  });

  test("takes everything back and answers NOT_REGISTERED when the registration goes meanwhile", async () => {
    const { connect, subscribeFrom, store, frames } = assembleDomain();
    connect("alice=", { channel: "news" });
    store.beforeAccess = (access) => {
      if (access === "get registration") {
        store.connections.delete("alice=");
      }
    };
    await subscribeFrom("alice=", { channel: ["lobby", "news"] });
    expect(frames("alice=")).toMatchObject([{ code: "NOT_REGISTERED" }]);
    expect(store.memberships).toEqual([]);
  });

  test.each(["query connection", "put membership", "get registration"])(
    "joins nothing, answers UNAVAILABLE and reports why when the store fails at: %s",
    async (failing) => {
      const { connect, subscribeFrom, store, frames } = assembleDomain();
      connect("alice=", { channel: "news" });
      const failure = new Error("The store is away.");
      let puts = 0;
      store.beforeAccess = (access) => {
        puts += access === "put membership" ? 1 : 0;
        // Of the two memberships the first is written.
        if (access === failing && puts !== 1) {
          throw failure;
        }
      };
      const report = await subscribeFrom("alice=", { channel: ["lobby", "games"] });
      expect(frames("alice=")).toMatchObject([{ code: "UNAVAILABLE" }]);
      expect(report.failures).toEqual([failure]);
      expect(channelsOf(store, "alice=")).toEqual(["news"]);
    },
  );

  test("does not say that it did nothing when the store fails after it has joined", async () => {
    const { connect, subscribeFrom, store, frames } = assembleDomain();
    connect("alice=");
    store.beforeAccess = (access) => {
      if (access === "get registration") {
        store.failure = new Error("The store is away.");
        throw store.failure;
      }
    };
    await subscribeFrom("alice=", { channel: ["lobby", "games"] });
    expect(channelsOf(store, "alice=")).toEqual(["lobby", "games"]);
    expect(frames("alice=")).toMatchObject([
      { code: "UNAVAILABLE", message: expect.not.stringContaining("did nothing") },
    ]);
  });
});

describe("Subscribe, where tokens open channels,", () => {
  /** Alice's connection, whose own token opens the lobby and all of team 7, and further tokens of hers. */
  function assemble(tokens: Record<string, Record<string, unknown> & { exp?: number }> = {}) {
    const verifier = new InMemoryTokenVerifier();
    for (const [token, claims] of Object.entries(tokens)) {
      verifier.accept(token, { sub: "alice", ...claims });
    }
    const authentication = { verifier, userClaim: "sub", channelsClaim: "rooms" };
    const domain = assembleDomain({ authentication });
    domain.connect("alice=", { user: "alice", openChannels: ["lobby", "team-7:*"] });
    return { ...domain, verifier };
  }

  test.each(["lobby", "team-7:", "team-7:general", ["lobby", "team-7:x"]])(
    "joins %j, which the connection's own token opens",
    async (channel) => {
      const { subscribeFrom, store } = assemble();
      await subscribeFrom("alice=", { channel });
      expect(channelsOf(store, "alice=")).toEqual([channel].flat());
    },
  );

  test.each(["vip", "lobby2", "team-7", "team-8:general", ["lobby", "vip"], "*", "team-7:*"])(
    "does not join %j, which no token opens",
    async (channel) => {
      const { subscribeFrom, store, frames } = assemble();
      await subscribeFrom("alice=", { channel });
      expect(frames("alice=")).toMatchObject([{ relay: "error" }]);
      expect(store.memberships).toEqual([]);
    },
  );

  test("joins nothing where the registration says nothing of channels, as from before the claim was configured", async () => {
    const { connect, subscribeFrom, frames } = assemble();
    connect("bob=", { user: "bob" });
    await subscribeFrom("bob=", { channel: "lobby" });
    expect(frames("bob=")).toMatchObject([{ code: "FORBIDDEN" }]);
  });

  test("joins a channel that a further token opens, up to the end of that token", async () => {
    const { subscribeFrom, store, frames } = assemble({
      more: { rooms: ["vip"], exp: NOW / 1000 + 30 },
    });
    await subscribeFrom("alice=", { channel: "vip", token: "more", id: "s1" });
    expect(frames("alice=")).toMatchObject([{ channels: [{ channel: "vip", expiresIn: 30 }] }]);
    expect(store.memberships).toMatchObject([{ expiresAt: NOW + 30_000 }]);
  });

  test("ends every membership with the registration at the latest", async () => {
    const { subscribeFrom, store } = assemble({ more: { rooms: "vip" } });
    await subscribeFrom("alice=", { channel: "vip", token: "more" });
    expect(store.memberships).toMatchObject([{ expiresAt: NOW + 60_000 }]);
  });

  test("lets nobody send to or receive from a channel after the token that opened it", async () => {
    let now = NOW;
    const verifier = new InMemoryTokenVerifier();
    verifier.accept("more", { sub: "alice", rooms: "vip", exp: NOW / 1000 + 30 });
    const { connect, subscribeFrom, relayFrom, frames } = assembleDomain({
      clock: () => now,
      authentication: { verifier, userClaim: "sub", channelsClaim: "rooms" },
    });
    connect("alice=", { user: "alice", openChannels: [] });
    connect("bob=", { user: "bob", channel: "vip" });
    await subscribeFrom("alice=", { channel: "vip", token: "more" });
    now += 30_000;
    const forward = { channel: "vip" };
    await relayFrom("alice=", { forward, data: 1 }, now + 25_000);
    await relayFrom("bob=", { forward, data: 2, id: "m1" }, now + 25_000);
    expect(frames("alice=")).toMatchObject([{ code: "FORBIDDEN" }]);
    expect(frames("bob=")).toMatchObject([{ relay: "receipt", delivered: 0 }]);
  });

  test("replaces the end of a membership by that of a later token, earlier or later", async () => {
    const { subscribeFrom, store } = assemble({
      long: { rooms: ["lobby"], exp: NOW / 1000 + 40 },
      short: { rooms: ["lobby"], exp: NOW / 1000 + 20 },
    });
    const ends: number[] = [];
    for (const token of ["long", "short", "long"]) {
      await subscribeFrom("alice=", { channel: "lobby", token });
      ends.push((store.memberships[0]?.expiresAt ?? 0) - NOW);
    }
    expect(ends).toEqual([40_000, 20_000, 40_000]);
  });

  test("never shortens a membership that a token opened when it is joined again without one", async () => {
    const { subscribeFrom, store, frames } = assemble({
      vip: { rooms: ["vip"], exp: NOW / 1000 + 20 },
      lobby: { rooms: ["lobby"], exp: NOW / 1000 + 20 },
    });
    await subscribeFrom("alice=", { channel: "vip", token: "vip" });
    await subscribeFrom("alice=", { channel: "lobby", token: "lobby" });
    await subscribeFrom("alice=", { channel: ["vip", "lobby"] });
    expect(store.memberships).toMatchObject([
      // Only the further token opens this one.
      { channel: "vip", expiresAt: NOW + 20_000 },
      { channel: "lobby", expiresAt: NOW + 60_000 },
    ]);
    expect(frames("alice=")).toEqual([]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ["of somebody else", "more", { sub: "mallory", rooms: ["*"] }],
    ["that names nobody", "more", { sub: undefined, rooms: ["*"] }],
    ["that is not valid", "bad", {}],
    ["that is empty", "", {}],
    ["for another channel", "more", { rooms: ["library"] }],
    ["for no channel", "more", { rooms: undefined }],
    ["with a wildcard in the middle", "more", { rooms: ["v*p", "*p"] }],
    ["for a name that only looks alike", "more", { rooms: ["v\u0456p"] }],
  ])(
    "answers FORBIDDEN to a token %s, also for a channel that is open anyway",
    async (_, token, claims) => {
      const { subscribeFrom, store, frames } = assemble({ more: claims });
      await subscribeFrom("alice=", { channel: ["vip", "lobby"], token });
      await subscribeFrom("alice=", { channel: "lobby", token });
      expect(frames("alice=")).toMatchObject([{ code: "FORBIDDEN" }, { code: "FORBIDDEN" }]);
      expect(store.memberships).toEqual([]);
    },
  );

  test("compares the channel and the token's list in one spelling", async () => {
    const { subscribeFrom, store } = assemble({ more: { rooms: ["cafe\u0301", "e\u0301*"] } });
    await subscribeFrom("alice=", { channel: ["caf\u00e9", "\u00e9clair"], token: "more" });
    expect(channelsOf(store, "alice=")).toEqual(["caf\u00e9", "\u00e9clair"]);
  });

  test("answers UNAVAILABLE when the token cannot be checked", async () => {
    const { subscribeFrom, store, verifier, frames } = assemble();
    verifier.failure = new Error("The keys are away.");
    const report = await subscribeFrom("alice=", { channel: "lobby", token: "more" });
    expect(frames("alice=")).toMatchObject([{ code: "UNAVAILABLE" }]);
    expect(report.failures).toEqual([verifier.failure]);
    expect(store.memberships).toEqual([]);
  });
});

describe("Unsubscribe", () => {
  test("leaves the channel and no other, says so, and is idempotent", async () => {
    const { connect, subscribeFrom, unsubscribeFrom, store, frames } = assembleDomain();
    connect("alice=");
    await subscribeFrom("alice=", { channel: ["lobby", "cafe\u0301"] });
    for (const id of ["u1", undefined, "u2"]) {
      await unsubscribeFrom("alice=", { channel: "caf\u00e9", id });
    }
    expect(channelsOf(store, "alice=")).toEqual(["lobby"]);
    expect(frames("alice=")).toEqual([
      { relay: "unsubscribed", channel: "caf\u00e9", id: "u1" },
      { relay: "unsubscribed", channel: "caf\u00e9", id: "u2" },
    ]);
  });

  test.each([{}, { channel: ["lobby"] }, { channel: "a b" }, { channel: "lobby", id: 5 }, [], 5])(
    "rejects %j, and leaves nothing",
    async (message) => {
      const { connect, unsubscribeFrom, store, frames } = assembleDomain();
      connect("alice=", { channel: "lobby" });
      await unsubscribeFrom("alice=", message);
      expect(frames("alice=")).toMatchObject([{ code: "INVALID_MESSAGE" }]);
      expect(store.memberships).toHaveLength(1);
    },
  );

  test("answers NOT_REGISTERED to a connection that is not registered", async () => {
    const { unsubscribeFrom, sender, frames } = assembleDomain();
    sender.connect("stranger=");
    await unsubscribeFrom("stranger=", { channel: "lobby" });
    expect(frames("stranger=")).toMatchObject([{ code: "NOT_REGISTERED" }]);
  });

  test.each(["query connection", "delete membership"])(
    "answers UNAVAILABLE and reports why when the store fails at: %s",
    async (failing) => {
      const { connect, unsubscribeFrom, store, frames } = assembleDomain();
      connect("alice=", { channel: "lobby" });
      const failure = new Error("The store is away.");
      store.beforeAccess = (access) => {
        if (access === failing) {
          throw failure;
        }
      };
      const report = await unsubscribeFrom("alice=", { channel: "lobby", id: "u1" });
      expect(frames("alice=")).toMatchObject([{ code: "UNAVAILABLE", id: "u1" }]);
      expect(report.failures).toEqual([failure]);
    },
  );
});
