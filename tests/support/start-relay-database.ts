import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { startEmbeddedDynamoDb } from "../../local-gateway/dynamodb/embedded-dynamodb.ts";
import { Principals } from "../../local-gateway/iam/principals.ts";
import { readApplication } from "../../local-gateway/template/application.ts";

/** A DynamoDB on a free port with the table of the project's own template, and how the SDK reaches it. */
export async function startRelayDatabase() {
  const region = "us-east-1";
  const { tables } = await readApplication("template.yaml", { region });
  const [table] = tables;
  if (table === undefined) {
    throw new Error("The template has no table.");
  }
  const { tableName } = table;
  const database = await startEmbeddedDynamoDb({
    host: "127.0.0.1",
    port: 0,
    tables,
    region,
    principals: new Principals(),
  });
  const client = {
    region,
    endpoint: database.url,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const reader = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  return {
    tableName,
    client,
    /** The ids of all registered connections. */
    async connectionIds(): Promise<string[]> {
      const scan = new ScanCommand({ TableName: tableName, ConsistentRead: true });
      const { Items = [] } = await reader.send(scan);
      return Items.map(({ connectionId }) => connectionId);
    },
    [Symbol.asyncDispose]: () => database.close(),
  };
}
