import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type EmbeddedDynamoDbOptions,
  startEmbeddedDynamoDb,
} from "../../../local-gateway/dynamodb/embedded-dynamodb.ts";
import { Principals } from "../../../local-gateway/iam/principals.ts";

/** One table of people with an index by town. */
export const PEOPLE = {
  logicalId: "PeopleTable",
  tableName: "people",
  place: { file: "/app/template.yaml", line: 7, resource: "PeopleTable" },
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

/** What the client signs with. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A database on a free port and a client of AWS's SDK that tries every call once. */
export async function startDatabase({
  credentials = { accessKeyId: "local", secretAccessKey: "local" },
  ...options
}: Partial<EmbeddedDynamoDbOptions> & { credentials?: Credentials } = {}) {
  const database = await startEmbeddedDynamoDb({
    host: "127.0.0.1",
    port: 0,
    tables: [PEOPLE],
    region: "us-east-1",
    principals: new Principals(),
    ...options,
  });
  const client = new DynamoDBClient({
    region: "us-east-1",
    endpoint: database.url,
    credentials,
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
