import type { Context } from "aws-lambda";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { createContainer, createRoutes, TOKENS } from "../../src/app/container.ts";
import { createHandler } from "../../src/app/create-handler.ts";
import { readEvent } from "../support/read-event.ts";
import { startLeavingProxy } from "../support/start-leaving-proxy.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";

/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;
const CONNECTION = { connectionId: "alice=", registeredAt: 1, expiresAt: 2000 };
const CHANNELS = ["a", "b", "c"];
const MEMBERSHIPS = CHANNELS.map((channel) => ({
  connectionId: "alice=",
  channel,
  since: 1,
  expiresAt: 2000,
  presence: false,
}));

let database: Awaited<ReturnType<typeof startRelayDatabase>>;
let proxy: Awaited<ReturnType<typeof startLeavingProxy>>;
let store: DynamoDbConnectionStore;

beforeEach(async () => {
  database = await startRelayDatabase();
  proxy = await startLeavingProxy(database.client);
  store = new DynamoDbConnectionStore(database.tableName, proxy.config);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const channelsLeft = async () => {
  const { memberships } = await store.findStored("alice=", LATER);
  return memberships.map(({ channel }) => channel).sort();
};

describe("What DynamoDB leaves unprocessed of a batch", () => {
  test("is written again, and only that", async () => {
    proxy.leaves = (_, index) => index > 0 && proxy.batches.length < 3;
    await store.add(CONNECTION, MEMBERSHIPS);
    expect(proxy.batches).toEqual([4, 3, 2]);
    expect(await channelsLeft()).toEqual(CHANNELS);
    expect(await store.find("alice=", LATER)).toBeDefined();
  });

  test("is deleted again when a connection is removed", async () => {
    await store.add(CONNECTION, MEMBERSHIPS);
    proxy.leaves = (_, index) => index > 0 && proxy.batches.length < 3;
    await store.remove("alice=", LATER);
    expect(proxy.batches).toEqual([4, 3, 2]);
    expect(await channelsLeft()).toEqual([]);
  });

  test.each(["join", "remove"] as const)(
    "makes %s reject with a code of its own if it stays so",
    async (method) => {
      await store.join(MEMBERSHIPS, LATER);
      proxy.leaves = ({ PutRequest, DeleteRequest }) =>
        (PutRequest?.Item ?? DeleteRequest?.Key)?.entry?.S === "membership#c";
      const call =
        method === "join" ? store.join(MEMBERSHIPS, LATER) : store.remove("alice=", LATER);
      await expect(call).rejects.toMatchObject({ code: "UNPROCESSED_WRITES" });
      // The first batch is that of the preparation.
      expect(proxy.batches).toEqual([3, 3, 1, 1, 1, 1]);
    },
  );

  test("makes a $connect fail with 500 if it stays so, and nothing stays registered", async () => {
    proxy.leaves = ({ PutRequest }) => PutRequest?.Item?.entry?.S === "membership#channel-9";
    const container = createContainer({
      connectionsTable: database.tableName,
      managementEndpoint: "http://127.0.0.1:1/dev",
      allowedOrigins: [],
      jwt: undefined,
      rawForward: true,
      presenceWatchers: 0,
      messagesPerMinute: 0,
      functionName: "relay",
      fanOutPerSecond: 2000,
      groupMessageBytes: 131_072,
      history: undefined,
      metrics: false,
    });
    container.registerInstance(TOKENS.CONNECTION_STORE, store);
    const logged: unknown[] = [];
    const log = (_: string, event: string, details: object) => logged.push({ event, ...details });
    const handler = createHandler(createRoutes(container, log), log);
    const channel = Array.from({ length: 10 }, (_, index) => `channel-${index}`);
    const result = await handler(
      { ...readEvent("connect"), multiValueQueryStringParameters: { channel } },
      { getRemainingTimeInMillis: () => 26_000 } as Context,
    );
    expect(result).toEqual({ statusCode: 500, body: "The relay is unavailable." });
    expect(logged).toMatchObject([{ event: "failed", failure: { code: "UNPROCESSED_WRITES" } }]);
    expect(await database.connectionIds()).toEqual([]);
  });
});
