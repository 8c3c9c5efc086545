import type { Account } from "../account.ts";
import { members } from "./members.ts";
import type { Permission } from "./permission.ts";
import { tableArn } from "./table-arn.ts";
import { transactionPermissions } from "./transaction-permissions.ts";

/** Operations of one table, which cannot be called without its name. */
const TABLE_OPERATIONS: ReadonlySet<string> = new Set([
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "DescribeTimeToLive",
  "GetItem",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
  "UpdateTable",
  "UpdateTimeToLive",
]);

/**
 * What a call of DynamoDB needs: the action named like the operation, for the table, the index that it reads, or each
 * table of a batch; for a transaction the actions of its parts. A call without the name that it must have needs
 * nothing: DynamoDB itself refuses it, with a validation error. Operations of the whole account, and those that are
 * unknown here, need their action on `*`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function dynamodbPermissions(
  operation: string,
  body: unknown,
  account: Account,
): Permission[] {
  const call = members(body);
  if (operation === "TransactGetItems" || operation === "TransactWriteItems") {
    return transactionPermissions(call.TransactItems, account);
  }
  const action = `dynamodb:${operation}`;
  return resourcesOf(operation, call, account).map((resource) => ({ action, resource }));
}

/** Reads only what the operation itself reads, so that no other member can stand in for it. */
function resourcesOf(
  operation: string,
  { RequestItems, ResourceArn, TableName, IndexName }: Readonly<Record<string, unknown>>,
  account: Account,
): string[] {
  switch (operation) {
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.keys(members(RequestItems)).map((table) => tableArn(table, account));
    case "ListTagsOfResource":
    case "TagResource":
    case "UntagResource":
      return typeof ResourceArn === "string" ? [ResourceArn] : [];
    default:
  }
  if (!TABLE_OPERATIONS.has(operation)) {
    return ["*"];
  }
  if (typeof TableName !== "string") {
    return [];
  }
  const table = tableArn(TableName, account);
  const readsIndex = operation === "Query" || operation === "Scan";
  return [readsIndex && typeof IndexName === "string" ? `${table}/index/${IndexName}` : table];
}
