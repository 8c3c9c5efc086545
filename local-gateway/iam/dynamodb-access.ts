import type { SignatureRejection } from "../sigv4/claim.ts";
import { ACCESS_DENIED, Access } from "./access.ts";
import { type Denial, denialMessage, type Permission } from "./policy.ts";
import { type Account, localAccount, type Principals } from "./principals.ts";

/** Where the names of DynamoDB's errors belong. */
const NAMESPACE = "com.amazon.coral.service#";

/** A call of a DynamoDB operation, as its client sent it. */
export interface DynamoDbCall {
  /** For example `PutItem`. */
  readonly operation: string;
  /** Any JSON; undefined when there is none. */
  readonly body: unknown;
}

/**
 * Who may call DynamoDB: a function needs the call's actions for its tables and indexes. Denied calls have status 400.
 *
 * There is no call in a request that names no operation or whose body is not JSON.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export class DynamoDbAccess extends Access<DynamoDbCall | undefined> {
  readonly #account: Account;

  constructor({
    region,
    principals,
  }: { readonly region: string; readonly principals: Principals }) {
    super({ service: "dynamodb", region, principals });
    this.#account = localAccount(region);
  }

  protected override permissions(call: DynamoDbCall | undefined): Permission[] {
    return call === undefined ? [] : dynamodbPermissions(call, this.#account);
  }

  protected override signatureErrorBody({ errorType, message }: SignatureRejection): object {
    return { __type: `${NAMESPACE}${errorType}`, message };
  }

  protected override denialBody(denial: Denial): object {
    return { __type: `${NAMESPACE}${ACCESS_DENIED}`, Message: denialMessage(denial) };
  }
}

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
 * What a call needs: the action named like the operation, for the table, the index that it reads, or each
 * table of a batch; for a transaction the actions of its parts. A call without the name that it must have needs
 * nothing: DynamoDB itself rejects it, with a validation error. Operations of the whole account, and those that are
 * unknown here, need their action on `*`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
function dynamodbPermissions({ operation, body }: DynamoDbCall, account: Account): Permission[] {
  const call = members(body);
  if (operation === "TransactGetItems" || operation === "TransactWriteItems") {
    return transactionPermissions(call.TransactItems, account);
  }
  const action = `dynamodb:${operation}`;
  return resourcesOf(operation, call, account).map((resource) => ({ action, resource }));
}

/** Reads only what the operation itself reads, so that no other member can take its place. */
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

/** What the parts of a transaction are called, and the action that each of them needs. */
const ACTION_OF_PART: ReadonlyMap<string, string> = new Map([
  ["Get", "dynamodb:GetItem"],
  ["Put", "dynamodb:PutItem"],
  ["Update", "dynamodb:UpdateItem"],
  ["Delete", "dynamodb:DeleteItem"],
  ["ConditionCheck", "dynamodb:ConditionCheckItem"],
]);

/**
 * What a transaction needs: no action of its own, but those of its parts. A malformed part needs nothing, DynamoDB
 * rejects it anyway.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
function transactionPermissions(items: unknown, account: Account): Permission[] {
  const permissions: Permission[] = [];
  const parts = Object.values(members(items)).flatMap((item) => Object.entries(members(item)));
  for (const [part, body] of parts) {
    const action = ACTION_OF_PART.get(part);
    const table = members(body).TableName;
    if (action !== undefined && typeof table === "string") {
      permissions.push({ action, resource: tableArn(table, account) });
    }
  }
  return permissions;
}

const TABLE_ARN = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/./;

/**
 * The ARN of a table. DynamoDB takes a table's ARN wherever it takes its name, so an ARN stays what it is.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
function tableArn(table: string, { partition, region, accountId }: Account): string {
  return TABLE_ARN.test(table)
    ? table
    : `arn:${partition}:dynamodb:${region}:${accountId}:table/${table}`;
}

/** The members of a JSON object, by name; none for any other value. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
