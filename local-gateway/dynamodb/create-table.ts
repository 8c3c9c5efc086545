import { setImmediate } from "node:timers/promises";
import type { TableDefinition } from "../template/table-definition.ts";
import type { DynamoDbEngine } from "./dynamodb-engine.ts";

/** Creates a table of the template; resolves once it is active. Throws with DynamoDB's words when it refuses it. */
export async function createTable(engine: DynamoDbEngine, table: TableDefinition): Promise<void> {
  const created = await call(engine, "CreateTable", table.createTable);
  if (created.status !== 200) {
    const { message } = JSON.parse(created.body);
    throw new Error(`${table.place}the table cannot be created: ${message ?? created.body}`);
  }
  while (!(await isActive(engine, table))) {
    await setImmediate();
  }
}

async function isActive(engine: DynamoDbEngine, { tableName }: TableDefinition): Promise<boolean> {
  const { body } = await call(engine, "DescribeTable", { TableName: tableName });
  const { Table } = JSON.parse(body);
  const indexes: { IndexStatus: string }[] = Table.GlobalSecondaryIndexes ?? [];
  return Table.TableStatus === "ACTIVE" && indexes.every((index) => index.IndexStatus === "ACTIVE");
}

function call(engine: DynamoDbEngine, operation: string, body: object) {
  return engine.execute({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      // dynalite wants to see a signature, but does not check it.
      "x-amz-date": "20260101T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=none, SignedHeaders=none, Signature=none",
    },
    body: Buffer.from(JSON.stringify(body)),
  });
}
