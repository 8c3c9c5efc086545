import type { Account } from "../iam/account.ts";
import type { FunctionReference } from "./function-reference.ts";
import { type LambdaRefusal, refuseCall } from "./lambda-refusal.ts";
import type { InvokePath } from "./read-invoke-path.ts";

/** As Lambda writes it in its refusals. */
const PATTERN =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";

const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(?<accountId>\d{12}):)?(?:function:)?(?<name>[\w.-]+)(?::(?<inName>\$LATEST|[\w-]+))?$/;

/**
 * Reads how a call names its function: by name, by part of the ARN (`account:function:name`) or by all of it, each with
 * a qualifier behind or without.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readFunctionReference(
  { functionName, qualifier }: InvokePath,
  account: Account,
): FunctionReference | LambdaRefusal {
  const groups = REFERENCE.exec(functionName)?.groups;
  if (groups?.name === undefined) {
    const problem = `1 validation error detected: Value '${functionName}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN}`;
    return refuseCall("ValidationException", problem);
  }
  const { region = account.region, accountId = account.accountId, name, inName } = groups;
  if (inName !== undefined && qualifier !== undefined && inName !== qualifier) {
    return refuseCall(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  const chosen = qualifier ?? inName;
  const arn = `arn:${account.partition}:lambda:${region}:${accountId}:function:${name}`;
  return {
    region,
    accountId,
    name,
    qualifier: chosen,
    arn: chosen === undefined ? arn : `${arn}:${chosen}`,
  };
}
