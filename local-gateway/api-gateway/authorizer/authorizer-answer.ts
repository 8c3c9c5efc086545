import { evaluatePolicies } from "../../iam/policies/evaluate-policies.ts";
import type { InvocationResult } from "../../lambda/invocation-result.ts";
import { QUOTAS } from "../quotas.ts";
import { authorizerPolicy } from "./authorizer-policy.ts";

/** Whether a client may connect: what events say of it, or the status that refuses it and why, for the console. */
export type Authorization =
  | { readonly authorizer: Readonly<Record<string, string>> }
  | { readonly status: 401 | 403 | 500; readonly problem: string };

/** The text of an error by which an authorizer says that the client has to identify itself. */
const UNAUTHORIZED = "Unauthorized";

/**
 * What an authorizer's invocation means for the client: 401 after an error with exactly the text `Unauthorized`, 500
 * after any other error or a result that is no policy or has more than 8 KB, 403 when the policy does not allow
 * `execute-api:Invoke` on `methodArn`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export function authorizerAnswer(
  invocation: InvocationResult | "expired",
  methodArn: string,
): Authorization {
  if (invocation === "expired") {
    return broken("no answer in time");
  }
  if (invocation.outcome !== "returned") {
    const { outcome, errorType, errorMessage } = invocation;
    return outcome === "failed" && errorMessage === UNAUTHORIZED
      ? { status: 401, problem: "the authorizer's error says Unauthorized" }
      : broken(`${errorType}: ${errorMessage}`);
  }
  const size = Buffer.byteLength(JSON.stringify(invocation.payload) ?? "");
  if (size > QUOTAS.authorizerResultSize) {
    return broken(`a result of ${size.toLocaleString("en")} bytes; API Gateway accepts 8 KB`);
  }
  const policy = authorizerPolicy(invocation.payload);
  if (typeof policy === "string") {
    return broken(policy);
  }
  const permission = { action: "execute-api:Invoke", resource: methodArn };
  const decision = evaluatePolicies(policy.statements, permission);
  if (decision === "allowed") {
    return { authorizer: { ...policy.context, principalId: policy.principalId } };
  }
  const problem =
    decision === "explicitly denied"
      ? "the authorizer's policy denies it"
      : `the authorizer's policy does not allow execute-api:Invoke on ${methodArn}`;
  return { status: 403, problem };
}

function broken(problem: string): Authorization {
  return { status: 500, problem: `the authorizer failed: ${problem}` };
}
