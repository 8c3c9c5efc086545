import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import type { Connection } from "../../src/domain/connection.ts";
import { startRelayDatabase } from "../support/start-relay-database.ts";
import { connectionStoreContract } from "./connection-store-contract.ts";

let database: Awaited<ReturnType<typeof startRelayDatabase>>;

beforeEach(async () => {
  database = await startRelayDatabase();
});

afterEach(() => database[Symbol.asyncDispose]());

connectionStoreContract("DynamoDbConnectionStore", async () => {
  const { tableName, client } = database;
  const reader = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  return {
    store: new DynamoDbConnectionStore(tableName, client),
    find: async (connectionId) => {
      const { Item } = await reader.send(
        new GetCommand({ TableName: tableName, Key: { connectionId }, ConsistentRead: true }),
      );
      return Item as Connection | undefined;
    },
  };
});
