import type { Account } from "../account.ts";
import { members } from "./members.ts";
import type { Permission } from "./permission.ts";
import { tableArn } from "./table-arn.ts";

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
 * refuses it anyway.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function transactionPermissions(items: unknown, account: Account): Permission[] {
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
