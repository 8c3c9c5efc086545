import type { ConnectionStore } from "../../src/domain/ports.ts";
import type { Authentication } from "../../src/domain/rights.ts";
import { Connect } from "../../src/domain/use-cases/connect.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { InMemoryTokenVerifier } from "../support/in-memory-token-verifier.ts";
import { assembleDomain } from "./assemble-domain.ts";

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0, 250);
const CONNECTED = { kind: "connected", failures: [] };

function assemble(
  {
    allowedOrigins = [],
    authentication,
  }: { readonly allowedOrigins?: readonly string[]; readonly authentication?: Authentication } = {},
  store: InMemoryConnectionStore = new InMemoryConnectionStore(() => NOW),
) {
  const clock = () => NOW;
  const { parts } = assembleDomain({ store, clock, ...(authentication && { authentication }) });
  const useCase = new Connect({ ...parts, allowedOrigins });
  const connect = {
    execute: (input: Omit<Parameters<Connect["execute"]>[0], "deadline">) =>
      useCase.execute({ deadline: NOW + 25_000, ...input }),
  };
  const registered = () => [...store.connections.values()];
  const joined = () => store.memberships.map(({ channel }) => channel);
  return { store, connect, registered, joined };
}

/** Where users prove their identity: the token is one of these, or it is not valid. They end long after NOW. */
function withTokens(
  tokens: Record<string, Record<string, unknown>>,
  options: Partial<Authentication> = {},
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

  test("registers the user and the channels that the client names, each once", async () => {
    const { connect, registered, store } = assemble();
    const channels = ["lobby", "news", "lobby"];
    await connect.execute({ connectionId: "alice=", user: "alice", channels });
    expect(registered()).toMatchObject([{ user: "alice" }]);
    const membership = {
      connectionId: "alice=",
      user: "alice",
      since: NOW,
      expiresAt: NOW + 7_800_000,
      presence: false,
    };
    expect(store.memberships).toEqual([
      { ...membership, channel: "lobby" },
      { ...membership, channel: "news" },
    ]);
  });

  test("registers names in one spelling, however they were written", async () => {
    const { connect, registered, joined } = assemble();
    const channels = ["cafe\u0301", "caf\u00e9"];
    await connect.execute({ connectionId: "a=", user: "Zoe\u0308", channels });
    expect(registered()).toMatchObject([{ user: "Zo\u00eb" }]);
    expect(joined()).toEqual(["caf\u00e9"]);
  });

  test("joins 10 channels, and rejects an eleventh", async () => {
    const { connect, registered, joined } = assemble();
    const channels = Array.from({ length: 11 }, (_, index) => `channel-${index}`);
    expect(await connect.execute({ connectionId: "a=", channels })).toEqual({
      kind: "tooManyChannels",
    });
    expect(registered()).toEqual([]);
    expect(await connect.execute({ connectionId: "a=", channels: channels.slice(1) })).toEqual(
      CONNECTED,
    );
    expect(joined()).toHaveLength(10);
  });

  test.each([
    { user: "" },
    { user: "a b" },
    { user: null },
    { channels: [""] },
    { channels: ["lobby\n"] },
    { channels: [["lobby"]] },
    { channels: ["lobby", "a b"] },
  ])("rejects %j, and registers nobody", async (input) => {
    const { connect, registered, joined } = assemble();
    const outcome = await connect.execute({ connectionId: "alice=", ...input });
    expect(outcome).toEqual({ kind: "badName" });
    expect([...registered(), ...joined()]).toEqual([]);
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
      override async remove(): Promise<never> {
        throw new Error("The clean-up failed.");
      }
    }
    const { connect } = assemble({}, new BrokenStore());
    await expect(connect.execute({ connectionId: "alice=" })).rejects.toThrow("The write failed.");
  });

  test("takes back a registration that was made but never confirmed", async () => {
    class ForgetfulStore extends InMemoryConnectionStore {
      override async add(...[connection, memberships]: Parameters<ConnectionStore["add"]>) {
        await super.add(connection, memberships);
        throw new Error("The answer was lost.");
      }
    }
    const { connect, registered, joined } = assemble({}, new ForgetfulStore());
    await expect(
      connect.execute({ connectionId: "alice=", channels: ["lobby", "news"] }),
    ).rejects.toThrow("The answer was lost.");
    expect([...registered(), ...joined()]).toEqual([]);
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
    ["a list", ["lobby", "cafe\u0301", "team-7:*", "ze\u0301*"]],
    ["names between spaces", "lobby cafe\u0301 team-7:* ze\u0301*"],
  ])(
    "lets users into the channels that their token lists as %s, and into none",
    async (_, rooms) => {
      const tokens = { good: { sub: "alice", rooms } };
      const { connect, joined } = withTokens(tokens, { channelsClaim: "rooms" });
      const channels = ["lobby", "caf\u00e9", "team-7:", "team-7:general", "z\u00e9ro", "ze\u0301"];
      expect(await connect.execute({ connectionId: "a=", token: "good", channels })).toEqual(
        CONNECTED,
      );
      expect(joined()).toHaveLength(6);
      expect(await connect.execute({ connectionId: "b=", token: "good" })).toEqual(CONNECTED);
    },
  );

  test("lets users into every channel when their token lists a wildcard alone", async () => {
    const tokens = { good: { sub: "alice", rooms: ["*"] } };
    const { connect } = withTokens(tokens, { channelsClaim: "rooms" });
    const channels = ["lobby", "team-7:general"];
    expect(await connect.execute({ connectionId: "a=", token: "good", channels })).toEqual(
      CONNECTED,
    );
  });

  test.each<[string, unknown]>([
    ["lists others", ["library", "lobby2", "lo"]],
    ["lists it within another", "the-lobby"],
    ["lists nothing", []],
    ["has no list", undefined],
    ["has no list but an object", { lobby: true, 0: "lobby", length: 1 }],
    ["has a list within the list", [["lobby"], ["*"]]],
    ["has a wildcard that is not at the end", ["*y", "lo*by", "*obb*", "**", "lob**"]],
    ["has a beginning that it does not have", ["lobby:*", "lobby1*", "Lob*"]],
    ["has a beginning that is no name", ["lob by*", " *"]],
  ])("rejects a channel when the token %s", async (_, rooms) => {
    const tokens = { good: { sub: "alice", rooms } };
    const { connect, registered } = withTokens(tokens, { channelsClaim: "rooms" });
    const channels = ["lobby"];
    expect(await connect.execute({ connectionId: "a=", token: "good", channels })).toEqual({
      kind: "forbidden",
    });
    expect(registered()).toEqual([]);
  });

  test("compares channels in one spelling: an accent makes another letter, also after a wildcard", async () => {
    const tokens = { good: { sub: "alice", rooms: ["caf*", "e*"] } };
    const { connect } = withTokens(tokens, { channelsClaim: "rooms" });
    const enter = (channel: string) =>
      connect.execute({ connectionId: "a=", token: "good", channels: [channel] });
    expect(await enter("cafe\u0301")).toEqual(CONNECTED);
    expect(await enter("e\u0301clair")).toEqual({ kind: "forbidden" });
  });

  test("rejects all channels when the token does not open one of them", async () => {
    const tokens = { good: { sub: "alice", rooms: ["lobby"] } };
    const { connect, registered, joined } = withTokens(tokens, { channelsClaim: "rooms" });
    const channels = ["lobby", "library"];
    expect(await connect.execute({ connectionId: "a=", token: "good", channels })).toEqual({
      kind: "forbidden",
    });
    expect([...registered(), ...joined()]).toEqual([]);
  });
});
