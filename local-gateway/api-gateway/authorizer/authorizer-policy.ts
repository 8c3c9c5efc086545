import { members } from "../../iam/policies/members.ts";
import type { PolicyStatement } from "../../template/policy-statement.ts";

/** What a Lambda authorizer answers. */
export interface AuthorizerPolicy {
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
