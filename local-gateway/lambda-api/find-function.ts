import type { Account } from "../iam/account.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import type { FunctionReference } from "./function-reference.ts";
import { type LambdaRefusal, refuseCall } from "./lambda-refusal.ts";

/** A function of the template, as a call has chosen it. */
export interface ChosenFunction {
  readonly functionId: string;
  /** `$LATEST`, or the one version that an alias of SAM's stands for. */
  readonly version: string;
}

/** The version behind an alias that SAM publishes: here there is only one. */
const PUBLISHED_VERSION = "1";

/** The function that a call refers to, or why there is none. */
export function findFunction(
  { region, accountId, name, qualifier = "$LATEST", arn }: FunctionReference,
  functions: readonly FunctionDefinition[],
  account: Account,
): ChosenFunction | LambdaRefusal {
  if (region !== account.region) {
    const message = `Functions from '${region}' are not reachable in this region ('${account.region}')`;
    return refuseCall("ResourceNotFoundException", message);
  }
  const found = functions.find(
    ({ functionName, alias }) =>
      functionName === name &&
      accountId === account.accountId &&
      (qualifier === "$LATEST" ||
        (alias !== undefined && [alias, PUBLISHED_VERSION].includes(qualifier))),
  );
  if (found === undefined) {
    const names = functions.map(({ functionName }) => functionName).join(", ");
    const message = `Function not found: ${arn}`;
    const problem = `${message}; the template has ${names}`;
    return refuseCall("ResourceNotFoundException", message, { problem });
  }
  const version = qualifier === "$LATEST" ? qualifier : PUBLISHED_VERSION;
  return { functionId: found.logicalId, version };
}
