import { members } from "../iam/dynamodb-access.ts";
import { evaluatePolicies } from "../iam/policy.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import type { PolicyStatement } from "../template/known-policies.ts";
import { QUOTAS } from "./quotas.ts";

/** Whether a client may connect: what events say of it, or the status that rejects it and why, for the console. */
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

/** What a Lambda authorizer answers. */
interface AuthorizerPolicy {
  readonly principalId: string;
  readonly statements: readonly PolicyStatement[];
  /** With every value as the text that events carry. */
  readonly context: Readonly<Record<string, string>>;
}

const STATEMENT_MEMBERS = ["Sid", "Effect", "Action", "Resource"];

/**
 * Reads the payload of a Lambda authorizer; a sentence that says what is wrong when it is no policy. A WebSocket API
 * does not know the plain `isAuthorized` answer. Null in the context is taken for a mistake, which AWS does not document,
 * and so are the members of a statement that nothing here evaluates, such as Condition.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function authorizerPolicy(payload: unknown): AuthorizerPolicy | string {
  const { principalId, policyDocument, context = {} } = members(payload);
  if (typeof principalId !== "string") {
    return "the result has no principalId";
  }
  const { Statement } = members(policyDocument);
  if (Statement === undefined) {
    return "the result has no policyDocument with a Statement";
  }
  const statements = [Statement].flat().map(readStatement);
  const problem = statements.find((statement) => typeof statement === "string");
  if (problem !== undefined) {
    return problem;
  }
  if (typeof context !== "object" || context === null || Array.isArray(context)) {
    return "context is not an object";
  }
  const entries = Object.entries(context);
  const wrong = entries.find(([, value]) => !isScalar(value));
  if (wrong) {
    return `context.${wrong[0]} is neither a text nor a number nor a boolean`;
  }
  return {
    principalId,
    statements: statements.filter((statement) => typeof statement !== "string"),
    context: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
  };
}

function readStatement(statement: unknown): PolicyStatement | string {
  const { Effect, Action, Resource, ...others } = members(statement);
  const unknown = Object.keys(others).find((name) => !STATEMENT_MEMBERS.includes(name));
  if (unknown !== undefined) {
    return `${unknown} in a statement is not evaluated here`;
  }
  if (Effect !== "Allow" && Effect !== "Deny") {
    return "the Effect of a statement is neither Allow nor Deny";
  }
  const [actions, resources] = [texts(Action), texts(Resource)];
  return actions && resources
    ? { effect: Effect, actions, resources }
    : "the Action or the Resource of a statement is neither a text nor a list of texts";
}

function texts(value: unknown): string[] | undefined {
  const list = [value].flat();
  return list.every((item) => typeof item === "string") ? list : undefined;
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
