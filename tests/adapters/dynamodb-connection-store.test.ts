import { ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { type Answer, startAnsweringServer } from "../support/start-answering-server.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";

const CONNECTION = { connectionId: "alice=", registeredAt: 1, expiresAt: 2 };
/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

describe("DynamoDbConnectionStore rejects", () => {
  test("when the table is not there", async () => {
    await using database = await startRelayDatabase();
    const store = new DynamoDbConnectionStore("no-such-table", database.client);
    await expect(store.add(CONNECTION, [])).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(store.remove("alice=", LATER)).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  test("when nobody listens", async () => {
    const { tableName, client, ...database } = await startRelayDatabase();
    await database[Symbol.asyncDispose]();
    const store = new DynamoDbConnectionStore(tableName, client);
    await expect(store.add(CONNECTION, [])).rejects.toThrow("ECONNREFUSED");
    await expect(store.remove("alice=")).rejects.toThrow("ECONNREFUSED");
  });

  test.each<[string, Answer, number]>([
    ["is never answered, after a second try", "silence", 2],
    ["has an answer that never ends", { status: 200, endless: true }, 1],
  ])("when a call %s", async (_, answer, tries) => {
    await using server = await startAnsweringServer(answer);
    const { endpoint } = server;
    const store = new DynamoDbConnectionStore("t", {
      endpoint,
      credentials,
      region: "us-east-1",
    });
    await expect(store.add(CONNECTION, [])).rejects.toThrow();
    expect(server.posts).toHaveLength(tries);
  });
});

test("DynamoDbConnectionStore reads a registration consistently: $connect may have ended a moment ago", async () => {
  await using server = await startAnsweringServer({ status: 200, body: "{}" });
  const { endpoint } = server;
  const store = new DynamoDbConnectionStore("t", { endpoint, credentials, region: "us-east-1" });
  await store.find("alice=", LATER);
  expect(server.posts.map(({ text }) => JSON.parse(text))).toEqual([
    {
      TableName: "t",
      Key: { connectionId: { S: "alice=" }, entry: { S: "registration" } },
      ConsistentRead: true,
    },
  ]);
});

test("DynamoDbConnectionStore writes when a registration ends in whole seconds, as DynamoDB's time to live is", async () => {
  await using server = await startAnsweringServer({ status: 200, body: "{}" });
  const { endpoint } = server;
  const store = new DynamoDbConnectionStore("t", { endpoint, credentials, region: "us-east-1" });
  await store.add({ ...CONNECTION, expiresAt: 1795349400999 }, []);
  expect(server.posts.map(({ text }) => JSON.parse(text))).toMatchObject([
    { Item: { registeredAt: { N: "1" }, expiresAt: { N: "1795349400" } } },
  ]);
});
