import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type EmbeddedDynamoDbOptions,
  startEmbeddedDynamoDb,
} from "../../../local-gateway/dynamodb/embedded-dynamodb.ts";

/** One table of people with an index by town. */
export const PEOPLE = {
  logicalId: "PeopleTable",
  tableName: "people",
  createTable: {
    TableName: "people",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "town", AttributeType: "S" },
    ],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "byTown",
        KeySchema: [
          { AttributeName: "town", KeyType: "HASH" },
          { AttributeName: "id", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
  },
};

/** A database on a free port and a client of AWS's SDK that tries every call once. */
export async function startDatabase(options: Partial<EmbeddedDynamoDbOptions> = {}) {
  const database = await startEmbeddedDynamoDb({
    host: "127.0.0.1",
    port: 0,
    tables: [PEOPLE],
    ...options,
  });
  const client = new DynamoDBClient({
    region: "us-east-1",
    endpoint: database.url,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  return {
    database,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await database.close();
    },
  };
}
