import { inspect } from "node:util";
import type { WebSocketEvent } from "../../src/app/event.ts";
import { assembleInMemory } from "../support/assemble-in-memory.ts";
import { readEvent } from "../support/read-event.ts";

const JWT = {
  issuer: "https://id.example",
  audience: "relay",
  jwksUri: undefined,
  userClaim: "sub",
  channelsClaim: undefined,
};

/** A recorded $connect with these parameters in its URL and these headers in addition to its own. */
function connectEvent({
  query,
  headers = {},
}: {
  readonly query?: Record<string, readonly string[]>;
  readonly headers?: Record<string, readonly string[]>;
}): WebSocketEvent {
  const event = readEvent("connect");
  return {
    ...event,
    ...(query && { multiValueQueryStringParameters: query }),
    multiValueHeaders: { ...event.multiValueHeaders, ...headers },
  };
}

const SECRETS = {
  user: "secret-user",
  channel: "secret-channel",
  origin: "https://secret.example",
};

/** A $connect of a client whose every word is a secret, in all the places where API Gateway writes it. */
function secretEvent(changed: Partial<typeof SECRETS> = {}) {
  const { origin, ...names } = { ...SECRETS, ...changed };
  const parameters = { ...names, secret: "secret" };
  const query = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, [value]]),
  );
  const event = connectEvent({ query, headers: { Origin: [origin] } });
  return { ...event, queryStringParameters: parameters, headers: { Origin: origin } };
}

describe("The handler, on $connect,", () => {
  test("registers the user and the channel of the URL", async () => {
    const { store, invoke } = assembleInMemory();
    await invoke(connectEvent({ query: { user: ["alice"], channel: ["lobby"], more: ["x"] } }));
    expect([...store.connections.values()]).toMatchObject([{ user: "alice" }]);
    expect(store.memberships).toMatchObject([{ user: "alice", channel: "lobby" }]);
  });

  test("registers neither when the URL names none, whatever every object has", async () => {
    const { store, invoke } = assembleInMemory();
    await invoke(connectEvent({ query: { toString: ["x"] } }));
    await invoke({ ...readEvent("connect"), multiValueQueryStringParameters: null });
    const [connection] = store.connections.values();
    expect(connection).toMatchObject({ user: undefined });
    expect(store.memberships).toEqual([]);
  });

  test.each([
    { user: ["a b"] },
    { user: [""] },
    { user: ["alice", "bob"] },
    { channel: ["lobby", "a b"] },
  ])("answers 400 to %j and says what a name is", async (query) => {
    const { store, logged, invoke } = assembleInMemory();
    expect(await invoke(connectEvent({ query }))).toEqual({
      statusCode: 400,
      body: expect.stringMatching(/^A name has 1 to 64/),
    });
    expect(store.connections.size).toBe(0);
    expect(logged).toMatchObject([
      { level: "warn", event: "rejected", details: { reason: "badName" } },
    ]);
  });

  test.each([
    ["alone", ["relay.v1"]],
    ["among others", ["chat.v2, relay.v1,bearer.abc"]],
    ["in a header of its own", ["chat.v2", "relay.v1"]],
  ])("chooses the subprotocol relay.v1 when it is offered %s", async (_, offered) => {
    const { invoke } = assembleInMemory();
    expect(await invoke(connectEvent({ headers: { "sec-websocket-protocol": offered } }))).toEqual({
      statusCode: 200,
      body: "Connected! Hello WebSocket App!",
      headers: { "Sec-WebSocket-Protocol": "relay.v1" },
    });
  });

  test.each([["chat.v2"], ["relay.v11"], ["RELAY.V1"], ["bearer.abc"], [""]])(
    "chooses no subprotocol when %j is offered",
    async (offered) => {
      const { invoke } = assembleInMemory();
      const event = connectEvent({ headers: { "Sec-WebSocket-Protocol": [offered] } });
      expect(await invoke(event)).not.toHaveProperty("headers");
    },
  );

  test("answers 403 to a page of another origin, and logs that", async () => {
    const { invoke, logged } = assembleInMemory({
      config: { allowedOrigins: ["https://app.example"] },
    });
    const from = (...origins: string[]) => invoke(connectEvent({ headers: { oRiGiN: origins } }));
    expect(await from("https://app.example")).toMatchObject({ statusCode: 200 });
    expect(await from("https://evil.example")).toEqual({ statusCode: 403, body: "Forbidden" });
    expect(await from("https://app.example", "https://evil.example")).toMatchObject({
      statusCode: 403,
    });
    expect(await invoke(readEvent("connect"))).toMatchObject({ statusCode: 200 });
    expect(logged).toContainEqual({
      level: "warn",
      event: "rejected",
      details: expect.objectContaining({ reason: "forbidden", routeKey: "$connect" }),
    });
  });

  test.each([
    ["who comes in", 200, {}],
    ["whose user is not a valid name", 400, { user: "secret user" }],
    ["whose channel is not a valid name", 400, { channel: "secret channel" }],
    ["whose page may not connect", 403, { origin: "https://secret-other.example" }],
  ])("logs nothing of the URL or the origin of a client %s", async (_, statusCode, changed) => {
    const { invoke, logged } = assembleInMemory({ config: { allowedOrigins: [SECRETS.origin] } });
    expect(await invoke(secretEvent(changed))).toMatchObject({ statusCode });
    expect(logged).toHaveLength(1);
    expect(inspect(logged, { depth: null })).not.toMatch(/secret/i);
  });

  test("logs nothing of the URL or the origin of a client who cannot be registered", async () => {
    const { store, invoke, logged } = assembleInMemory();
    store.failure = new Error("The table is away.");
    expect(await invoke(secretEvent())).toMatchObject({ statusCode: 500 });
    expect(logged).toHaveLength(1);
    expect(inspect(logged, { depth: null })).not.toMatch(/secret/i);
  });
});

describe("The handler, where users prove who they are,", () => {
  function assemble() {
    const assembly = assembleInMemory({ config: { jwt: JWT } });
    assembly.tokens.accept("e30.good.x-_", { sub: "alice" });
    return assembly;
  }

  test.each<[string, Record<string, readonly string[]>]>([
    ["the Authorization header", { Authorization: ["Bearer e30.good.x-_"] }],
    ["the header in other letters", { authorization: ["bearer  e30.good.x-_"] }],
    ["a subprotocol", { "Sec-WebSocket-Protocol": ["relay.v1, bearer.e30.good.x-_"] }],
    ["the first subprotocol", { "Sec-WebSocket-Protocol": ["bearer.e30.good.x-_, relay.v1"] }],
    [
      "a subprotocol, next to another scheme, which is not for the relay",
      { Authorization: ["Basic YTpi"], "Sec-WebSocket-Protocol": ["bearer.e30.good.x-_"] },
    ],
  ])("takes the token from %s", async (_, headers) => {
    const { store, invoke } = assemble();
    const event = connectEvent({ headers, query: { user: ["bob"] } });
    expect(await invoke(event)).toMatchObject({ statusCode: 200 });
    expect([...store.connections.values()]).toMatchObject([{ user: "alice" }]);
  });

  test.each<[string, Parameters<typeof connectEvent>[0]]>([
    ["no token", {}],
    [
      "a token in the query string",
      { query: { token: ["e30.good.x-_"], authorization: ["Bearer e30.good.x-_"] } },
    ],
    ["a token of another scheme", { headers: { Authorization: ["Basic e30.good.x-_"] } }],
    ["a token and more", { headers: { Authorization: ["Bearer e30.good.x-_ e30.good.x-_"] } }],
    ["an empty header", { headers: { Authorization: [""] } }],
    ["an empty subprotocol", { headers: { "Sec-WebSocket-Protocol": ["relay.v1, bearer."] } }],
    ["two headers", { headers: { Authorization: ["Bearer e30.good.x-_", "Bearer x"] } }],
    [
      "a token next to one that cannot be read",
      {
        headers: {
          Authorization: ["Bearer"],
          "Sec-WebSocket-Protocol": ["bearer.e30.good.x-_, relay.v1"],
        },
      },
    ],
    [
      "two tokens",
      {
        headers: {
          Authorization: ["Bearer e30.good.x-_"],
          "Sec-WebSocket-Protocol": ["bearer.other, relay.v1"],
        },
      },
    ],
    ["a bad token", { headers: { Authorization: ["Bearer e30.bad.x"] } }],
  ])("answers 401 to %s, and registers nobody", async (_, parts) => {
    const { store, invoke } = assemble();
    expect(await invoke(connectEvent(parts))).toEqual({ statusCode: 401, body: "Unauthorized" });
    expect(store.connections.size).toBe(0);
  });

  test("takes raw forwards from registered senders only, and from nobody beyond the token's end", async () => {
    let now = Date.UTC(2026, 10, 22, 10);
    const { sender, store, tokens, invoke } = assembleInMemory({
      clock: () => now,
      config: { jwt: JWT },
    });
    const [alice, bob] = ["C51DherHNjMCI3Q=", "C50a8cvrtjMCI7w="];
    sender.connect(alice);
    sender.connect(bob);
    await invoke(readEvent("forward"));
    expect(JSON.parse(sender.inbox(alice)[0] ?? "")).toMatchObject({ code: "NOT_REGISTERED" });

    tokens.accept("e30.short.x", { sub: "alice", exp: now / 1000 + 60 });
    await invoke(connectEvent({ headers: { Authorization: ["Bearer e30.short.x"] } }));
    now += 59_999;
    await invoke(readEvent("forward"));
    expect(sender.inbox(bob)).toEqual(["Hello wscat2!"]);

    now += 1;
    await invoke(readEvent("forward"));
    expect(sender.inbox(bob)).toHaveLength(1);
    expect(JSON.parse(sender.inbox(alice)[1] ?? "")).toMatchObject({ code: "NOT_REGISTERED" });
    expect(store.connections.size).toBe(1);
  });

  test("answers 500 when a token cannot be checked", async () => {
    const { tokens, invoke } = assemble();
    tokens.failure = new Error("The keys are away.");
    const event = connectEvent({ headers: { Authorization: ["Bearer e30.good.x-_"] } });
    expect(await invoke(event)).toEqual({ statusCode: 500, body: "The relay is unavailable." });
  });

  test("keeps the token out of the log, the table and the answer", async () => {
    const { store, logged, tokens, invoke } = assemble();
    const results: unknown[] = [];
    for (const token of ["e30.good.x-_", "e30.secret.x"]) {
      for (const headers of [
        { Authorization: [`Bearer ${token}`] },
        { "Sec-WebSocket-Protocol": [`relay.v1, bearer.${token}`] },
      ]) {
        results.push(await invoke(connectEvent({ headers, query: { token: [token] } })));
      }
    }
    tokens.failure = new Error("The keys are away.");
    results.push(
      await invoke(connectEvent({ headers: { Authorization: ["Bearer e30.secret.x"] } })),
    );
    expect(logged).toHaveLength(5);
    const everything = JSON.stringify([logged, results, [...store.connections.values()]]);
    expect(everything).not.toMatch(/e30|secret|good/);
  });
});
