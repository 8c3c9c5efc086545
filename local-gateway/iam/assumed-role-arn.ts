import type { Account } from "./account.ts";

/**
 * The ARN of a function that acts under its execution role: Lambda names the assumed role after the function.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function assumedRoleArn(account: Account, roleName: string, functionName: string): string {
  return `arn:${account.partition}:sts::${account.accountId}:assumed-role/${roleName}/${functionName}`;
}
