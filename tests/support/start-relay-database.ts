import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { startEmbeddedDynamoDb } from "../../local-gateway/dynamodb/embedded-dynamodb.ts";
import { Principals } from "../../local-gateway/iam/principals.ts";
import { readApplication } from "../../local-gateway/template/application.ts";

/** A DynamoDB on a free port with the tables of the project's own template, and how the SDK reaches it. */
export async function startRelayDatabase(
  parameterOverrides: Readonly<Record<string, string>> = {},
) {
  const region = "us-east-1";
  const { tables } = await readApplication("template.yaml", { region, parameterOverrides });
  const nameOf = (part: string) =>
    tables.find(({ tableName }) => tableName.includes(part))?.tableName ?? "none";
  const tableName = nameOf("ConnectionsTable");
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
    /** The table of messages, where the parameters make one. */
    messagesTable: nameOf("MessagesTable"),
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
