import { Connect, type ConnectionPolicy } from "../../src/domain/use-cases/connect.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { InMemoryTokenVerifier } from "../support/in-memory-token-verifier.ts";

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0, 250);
const OPEN: ConnectionPolicy = { allowedOrigins: [], authentication: undefined };
const CONNECTED = { kind: "connected" };

function assemble(policy: Partial<ConnectionPolicy> = {}) {
  const store = new InMemoryConnectionStore();
  const connect = new Connect(store, () => NOW, { ...OPEN, ...policy });
  const registered = () => [...store.connections.values()];
  return { store, connect, registered };
}

/** Where users prove their identity: the token is one of these, or it is not valid. They end long after NOW. */
function withTokens(
  tokens: Record<string, Record<string, unknown>>,
  options: Partial<ConnectionPolicy["authentication"]> = {},
) {
  const verifier = new InMemoryTokenVerifier();
  for (const [token, claims] of Object.entries(tokens)) {
    verifier.accept(token, claims);
  }
  return assemble({
    authentication: { verifier, userClaim: "sub", channelsClaim: undefined, ...options },
  });
}

describe("Connect", () => {
  test("registers the connection for two hours and ten minutes", async () => {
    const { connect, registered } = assemble();
    expect(await connect.execute({ connectionId: "alice=" })).toEqual(CONNECTED);
    expect(registered()).toMatchObject([
      { connectionId: "alice=", registeredAt: NOW, expiresAt: NOW + 7_800_000 },
    ]);
  });

  test("registers the user and the channel that the client names", async () => {
    const { connect, registered } = assemble();
    await connect.execute({ connectionId: "alice=", user: "alice", channel: "lobby" });
    expect(registered()).toMatchObject([{ user: "alice", channel: "lobby" }]);
  });

  test("registers names in one spelling, however they were written", async () => {
    const { connect, registered } = assemble();
    await connect.execute({ connectionId: "a=", user: "Zoe\u0308", channel: "cafe\u0301" });
    expect(registered()).toMatchObject([{ user: "Zo\u00eb", channel: "caf\u00e9" }]);
  });

  test.each([
    ["user", ""],
    ["user", "a b"],
    ["user", ["alice", "bob"]],
    ["channel", ""],
    ["channel", "lobby\n"],
    ["channel", ["lobby"]],
  ])("rejects the %s %j, and registers nobody", async (name, value) => {
    const { connect, registered } = assemble();
    const outcome = await connect.execute({ connectionId: "alice=", [name]: value });
    expect(outcome).toEqual({ kind: "badName" });
    expect(registered()).toEqual([]);
  });

  test("registers a connection once when the same event comes twice", async () => {
    const { connect, store } = assemble();
    await connect.execute({ connectionId: "alice=" });
    await connect.execute({ connectionId: "alice=" });
    expect(store.connections.size).toBe(1);
  });

  test("rejects with the store's own error when the store fails", async () => {
    const { connect, store } = assemble();
    store.failure = new Error("The store is away.");
    await expect(connect.execute({ connectionId: "alice=" })).rejects.toBe(store.failure);
  });

  test("rejects with the store's first error when the clean-up fails, too", async () => {
    class BrokenStore extends InMemoryConnectionStore {
      override async add() {
        throw new Error("The write failed.");
      }
      override async remove() {
        throw new Error("The clean-up failed.");
      }
    }
    await expect(
      new Connect(new BrokenStore(), () => NOW, OPEN).execute({ connectionId: "alice=" }),
    ).rejects.toThrow("The write failed.");
  });

  test("takes back a registration that was made but never confirmed", async () => {
    class ForgetfulStore extends InMemoryConnectionStore {
      override async add(connection: Parameters<InMemoryConnectionStore["add"]>[0]) {
        await super.add(connection);
        throw new Error("The answer was lost.");
      }
    }
    const store = new ForgetfulStore();
    await expect(
      new Connect(store, () => NOW, OPEN).execute({ connectionId: "alice=" }),
    ).rejects.toThrow("The answer was lost.");
    expect(store.connections.size).toBe(0);
  });
});

describe("Connect, where only some origins are allowed,", () => {
  const allowedOrigins = ["https://app.example", "https://app.example:8443"];

  test.each([undefined, ...allowedOrigins])("lets %s in", async (origin) => {
    const { connect } = assemble({ allowedOrigins });
    expect(await connect.execute({ connectionId: "alice=", origin })).toEqual(CONNECTED);
  });

  test.each([
    "https://app.example.evil.example",
    "https://evil.example/https://app.example",
    "https://evil.example?https://app.example",
    "https://app.example:443",
    "https://app.example/",
    "http://app.example",
    "https://APP.example",
    "https://xapp.example",
    "null",
    "",
  ])("rejects %j, and registers nobody", async (origin) => {
    const { connect, registered } = assemble({ allowedOrigins });
    expect(await connect.execute({ connectionId: "alice=", origin })).toEqual({
      kind: "forbidden",
    });
    expect(registered()).toEqual([]);
  });
});

describe("Connect, where users prove their identity,", () => {
  test("takes the user from the token, and never from the client's word", async () => {
    const { connect, registered } = withTokens({ good: { sub: "alice" } });
    expect(await connect.execute({ connectionId: "a=", token: "good", user: "bob" })).toEqual(
      CONNECTED,
    );
    await connect.execute({ connectionId: "b=", token: "good", user: "no name at all!" });
    expect(registered()).toMatchObject([{ user: "alice" }, { user: "alice" }]);
  });

  test("takes the user from the claim that is chosen, in one spelling", async () => {
    const { connect, registered } = withTokens(
      { good: { sub: "5", name: "Zoe\u0308" } },
      { userClaim: "name" },
    );
    await connect.execute({ connectionId: "a=", token: "good" });
    expect(registered()).toMatchObject([{ user: "Zo\u00eb" }]);
  });

  test.each([
    ["ten minutes", NOW / 1000 + 600, NOW + 600_000],
    ["a fraction of a second", NOW / 1000 + 600.5, NOW + 600_500],
    ["two hours and eleven minutes", NOW / 1000 + 7860, NOW + 7_800_000],
  ])(
    "registers the connection until its token ends, and never for longer than others: %s",
    async (_, exp, expiresAt) => {
      const { connect, registered } = withTokens({ good: { sub: "alice", exp } });
      await connect.execute({ connectionId: "a=", token: "good" });
      expect(registered()).toEqual([
        { connectionId: "a=", user: "alice", registeredAt: NOW, expiresAt },
      ]);
    },
  );

  test("keeps nothing else of the token", async () => {
    const claims = { sub: "alice", email: "a@b.example" };
    const { connect, registered } = withTokens({ "good-token": claims });
    await connect.execute({ connectionId: "a=", token: "good-token" });
    expect(JSON.stringify(registered())).toContain('"alice"');
    expect(JSON.stringify(registered())).not.toMatch(/good-token|a@b\.example/);
  });

  test.each<[string, string | undefined, Record<string, unknown>]>([
    ["there is no token", undefined, { sub: "alice" }],
    ["the token is not valid", "bad", { sub: "alice" }],
  ])("rejects, with one outcome for all, when %s", async (_, token, claims) => {
    const { connect, registered } = withTokens({ good: claims });
    expect(await connect.execute({ connectionId: "a=", token, user: "alice" })).toEqual({
      kind: "unauthenticated",
    });
    expect(registered()).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["names nobody", {}],
    ["has a user that is not a valid name", { sub: "Alice Smith" }],
    ["has a user that is not a text", { sub: 5 }],
  ])("rejects with an outcome of its own, for the log, when the token %s", async (_, claims) => {
    const { connect, registered } = withTokens({ good: claims });
    expect(await connect.execute({ connectionId: "a=", token: "good", user: "alice" })).toEqual({
      kind: "nameless",
    });
    expect(registered()).toEqual([]);
  });

  test("reads no claim that every object has", async () => {
    const { connect } = withTokens({ good: {} }, { userClaim: "constructor" });
    expect(await connect.execute({ connectionId: "a=", token: "good" })).toMatchObject({
      kind: "nameless",
    });
  });

  test("rejects when the token cannot be checked, and registers nobody", async () => {
    const failure = new Error("The keys are away.");
    const { connect, registered } = assemble({
      authentication: {
        verifier: { verify: () => Promise.reject(failure) },
        userClaim: "sub",
        channelsClaim: undefined,
      },
    });
    await expect(connect.execute({ connectionId: "a=", token: "good" })).rejects.toBe(failure);
    expect(registered()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["a list", ["lobby", "cafe\u0301"]],
    ["names between spaces", "lobby cafe\u0301"],
  ])(
    "lets users into the channels that their token lists as %s, and into none",
    async (_, rooms) => {
      const tokens = { good: { sub: "alice", rooms } };
      const { connect } = withTokens(tokens, { channelsClaim: "rooms" });
      const enter = (channel?: string) =>
        connect.execute({ connectionId: "a=", token: "good", channel });
      expect(await enter("lobby")).toEqual(CONNECTED);
      expect(await enter("caf\u00e9")).toEqual(CONNECTED);
      expect(await enter()).toEqual(CONNECTED);
    },
  );

  test.each<[string, unknown]>([
    ["lists others", ["library", "lobby2", "*"]],
    ["lists it within another", "the-lobby"],
    ["lists nothing", []],
    ["has no list", undefined],
    ["has no list but an object", { lobby: true, 0: "lobby", length: 1 }],
    ["has a list within the list", [["lobby"]]],
  ])("rejects a channel when the token %s", async (_, rooms) => {
    const tokens = { good: { sub: "alice", rooms } };
    const { connect, registered } = withTokens(tokens, { channelsClaim: "rooms" });
    expect(await connect.execute({ connectionId: "a=", token: "good", channel: "lobby" })).toEqual({
      kind: "forbidden",
    });
    expect(registered()).toEqual([]);
  });
});
