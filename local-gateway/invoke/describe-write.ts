import type { DynamoDbCall } from "../dynamodb/create-request-listener.ts";

/** The members of each writing operation that say what is written. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  PutItem: ["Item"],
  UpdateItem: ["Key", "UpdateExpression", "ExpressionAttributeValues"],
  DeleteItem: ["Key"],
  BatchWriteItem: ["RequestItems"],
  TransactWriteItems: ["TransactItems"],
};

/** One line about a call that writes to DynamoDB: operation, table, item or key. Undefined for one that reads. */
export function describeWrite({ operation, body }: DynamoDbCall): string | undefined {
  const members = WRITES[operation];
  if (members === undefined || typeof body !== "object" || body === null) {
    return undefined;
  }
  const written = members.map((member): unknown => Reflect.get(body, member));
  return [
    operation,
    Reflect.get(body, "TableName"),
    ...written.map((value) => JSON.stringify(value)),
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}
