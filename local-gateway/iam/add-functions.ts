import type { LocalLambda } from "../lambda/local-lambda.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { STACK_NAME } from "../template/stack-name.ts";
import { assumedRoleArn } from "./assumed-role-arn.ts";
import { localAccount } from "./local-account.ts";
import type { Principals } from "./principals.ts";

/**
 * Makes functions known under the credentials that they were started with.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function addFunctions(
  principals: Principals,
  functions: Iterable<FunctionDefinition>,
  {
    lambda,
    region,
  }: { readonly lambda: Pick<LocalLambda, "credentials">; readonly region: string },
): void {
  for (const { logicalId, functionName, policies, role } of functions) {
    const roleName = role?.name ?? `${STACK_NAME}-${logicalId}Role`;
    const arn = assumedRoleArn(localAccount(region), roleName, functionName);
    principals.add(
      { kind: "function", functionId: logicalId, arn, policies },
      lambda.credentials(logicalId),
    );
  }
}
