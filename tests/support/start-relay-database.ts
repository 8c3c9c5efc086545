import { startEmbeddedDynamoDb } from "../../local-gateway/dynamodb/embedded-dynamodb.ts";
import { readApplication } from "../../local-gateway/template/read-application.ts";

/** A DynamoDB on a free port with the tables of the project's own template, and how the SDK reaches it. */
export async function startRelayDatabase() {
  const region = "us-east-1";
  const { tables } = await readApplication("template.yaml", { region });
  const database = await startEmbeddedDynamoDb({ host: "127.0.0.1", port: 0, tables });
  const [table] = tables;
  if (table === undefined) {
    throw new Error("The template has no table.");
  }
  return {
    tableName: table.tableName,
    client: {
      region,
      endpoint: database.url,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    },
    close: () => database.close(),
  };
}
