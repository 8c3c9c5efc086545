import type { DynamoDbCall } from "../iam/dynamodb-access.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import type { InvocationReport } from "./invoke.ts";

/**
 * An invocation as lines for its developer: the answer as JSON, then every post, every write, every call that
 * was rejected, and every log line.
 */
export function describeInvocation(report: InvocationReport): readonly string[] {
  const { result, managementCalls, databaseCalls, rejections, logLines } = report;
  const answer = result.outcome === "returned" ? result.payload : errorOf(result);
  return [
    JSON.stringify(answer, undefined, 2),
    ...managementCalls.flatMap(({ method, connectionId, body }) => [
      `${method} @connections/${connectionId}`,
      ...(body === "" ? [] : [`  ${body}`]),
    ]),
    ...databaseCalls.map(describeWrite).filter((line) => line !== undefined),
    ...rejections.map((rejection) => `rejected: ${rejection}`),
    ...logLines,
  ];
}

/** The log has the stack. */
function errorOf({ errorType, errorMessage }: Exclude<InvocationResult, { outcome: "returned" }>) {
  return { errorType, errorMessage };
}

/** Whether an operation of DynamoDB writes. */
export function isWrite(operation: string): boolean {
  return Object.hasOwn(WRITES, operation);
}

/** The members of each writing operation that say what is written. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  PutItem: ["Item"],
  UpdateItem: ["Key", "UpdateExpression", "ExpressionAttributeValues"],
  DeleteItem: ["Key"],
  BatchWriteItem: ["RequestItems"],
  TransactWriteItems: ["TransactItems"],
};

/** One line about a call that writes to DynamoDB: operation, table, item or key. Undefined for one that reads. */
function describeWrite({ operation, body }: DynamoDbCall): string | undefined {
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
