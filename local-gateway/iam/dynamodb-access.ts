import type { SignedRequest } from "../sigv4/canonical-request.ts";
import {
  type AccessRejection,
  Authenticator,
  describeDenial,
  describeSignatureRejection,
} from "./authenticator.ts";
import { denialMessage, findDenial, type Permission } from "./policy.ts";
import { type Account, localAccount, type Principals } from "./principals.ts";

/** Where the names of DynamoDB's errors belong. */
const NAMESPACE = "com.amazon.coral.service#";

/** Who may sign calls of DynamoDB, and for which region. */
interface DynamoDbAccessOptions {
  readonly region: string;
  readonly principals: Principals;
}

/**
 * Who may call DynamoDB: a call has to be signed, and a function needs the call's actions for its tables and indexes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export class DynamoDbAccess {
  readonly #account: Account;
  readonly #authenticator: Authenticator;

  constructor({ region, principals }: DynamoDbAccessOptions) {
    this.#account = localAccount(region);
    this.#authenticator = new Authenticator({ service: "dynamodb", region, principals });
  }

  /**
   * Why this call may not be made, status 400 on AWS; undefined when it may. A request that names no operation, or whose
   * body is no JSON, has no call and needs a signature only: DynamoDB rejects it anyway.
   */
  reject(
    request: SignedRequest,
    call: { readonly operation: string; readonly body: unknown } | undefined,
  ): AccessRejection | undefined {
    const caller = this.#authenticator.authenticate(request);
    if ("errorType" in caller) {
      const { errorType, message } = caller;
      const body = JSON.stringify({ __type: `${NAMESPACE}${errorType}`, message });
      return { errorType, body, problem: describeSignatureRejection(caller) };
    }
    const permissions = call ? dynamodbPermissions(call.operation, call.body, this.#account) : [];
    const denial = findDenial(caller, permissions);
    if (denial === undefined) {
      return;
    }
    const errorType = "AccessDeniedException";
    const Message = denialMessage(denial);
    const body = JSON.stringify({ __type: `${NAMESPACE}${errorType}`, Message });
    return { errorType, body, problem: describeDenial(denial) };
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
 * What a call of DynamoDB needs: the action named like the operation, for the table, the index that it reads, or each
 * table of a batch; for a transaction the actions of its parts. A call without the name that it must have needs
 * nothing: DynamoDB itself rejects it, with a validation error. Operations of the whole account, and those that are
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
