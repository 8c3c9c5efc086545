import type { Account } from "../account.ts";

const TABLE_ARN = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/./;

/**
 * The ARN of a table. DynamoDB takes a table's ARN wherever it takes its name, so an ARN stays what it is.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function tableArn(table: string, { partition, region, accountId }: Account): string {
  return TABLE_ARN.test(table)
    ? table
    : `arn:${partition}:dynamodb:${region}:${accountId}:table/${table}`;
}
