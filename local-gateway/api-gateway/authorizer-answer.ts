import { members } from "../iam/dynamodb-access.ts";
import { evaluatePolicies } from "../iam/policy.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import type { PolicyStatement } from "../template/known-policies.ts";
import { QUOTAS } from "./quotas.ts";

/** Whether a client may connect. */
export type Authorization =
  | {
      readonly ok: true;
      /** What events say of the client under `authorizer`; absent without a Lambda authorizer. */
      readonly context?: Readonly<Record<string, string>>;
    }
  | {
      readonly ok: false;
      readonly status: 401 | 403 | 500;
      /** For the console. */
      readonly problem: string;
    };

/** The text of an error by which an authorizer says that the client has to identify itself. */
const UNAUTHORIZED = "Unauthorized";

/**
 * What an authorizer's invocation means for the client: 401 after an error with exactly the text `Unauthorized`, 500
 * after any other error or a result that is not a valid policy or has more than 8 KB, 403 when the policy does not allow
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
      ? { ok: false, status: 401, problem: "the authorizer's error says Unauthorized" }
      : broken(`${errorType}: ${errorMessage}`);
  }
  const size = Buffer.byteLength(JSON.stringify(invocation.payload) ?? "");
  if (size > QUOTAS.authorizerResultSize) {
    return broken(`a result of ${size.toLocaleString("en")} bytes; API Gateway accepts 8 KB`);
  }
  const read = readPolicy(invocation.payload);
  if (!read.ok) {
    return broken(read.problem);
  }
  const { policy } = read;
  const permission = { action: "execute-api:Invoke", resource: methodArn };
  const decision = evaluatePolicies(policy.statements, permission);
  if (decision === "allowed") {
    return { ok: true, context: { ...policy.context, principalId: policy.principalId } };
  }
  const problem =
    decision === "explicitly denied"
      ? "the authorizer's policy denies it"
      : `the authorizer's policy does not allow execute-api:Invoke on ${methodArn}`;
  return { ok: false, status: 403, problem };
}

function broken(problem: string): Authorization {
  return { ok: false, status: 500, problem: `the authorizer failed: ${problem}` };
}

/** What a Lambda authorizer answers. */
interface AuthorizerPolicy {
  readonly principalId: string;
  readonly statements: readonly PolicyStatement[];
  /** With every value as the text that events carry. */
  readonly context: Readonly<Record<string, string>>;
}

/** An authorizer's policy, or a sentence that says why its payload is not one. */
type ReadPolicy =
  | { readonly ok: true; readonly policy: AuthorizerPolicy }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads the payload of a Lambda authorizer. A WebSocket API does not know the plain `isAuthorized` answer. Null in the
 * context is taken for a mistake, which AWS does not document, and so are the members of a statement that nothing here
 * evaluates, such as Condition.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
function readPolicy(payload: unknown): ReadPolicy {
  const { principalId, policyDocument, context = {} } = members(payload);
  if (typeof principalId !== "string") {
    return { ok: false, problem: "the result has no principalId" };
  }
  const { Statement } = members(policyDocument);
  if (Statement === undefined) {
    return { ok: false, problem: "the result has no policyDocument with a Statement" };
  }
  const statements: PolicyStatement[] = [];
  for (const statement of [Statement].flat()) {
    const read = readStatement(statement);
    if (!read.ok) {
      return read;
    }
    statements.push(read.statement);
  }
  if (typeof context !== "object" || context === null || Array.isArray(context)) {
    return { ok: false, problem: "context is not an object" };
  }
  const entries = Object.entries(context);
  const wrong = entries.find(([, value]) => !isScalar(value));
  if (wrong) {
    const problem = `context.${wrong[0]} is neither a text nor a number nor a boolean`;
    return { ok: false, problem };
  }
  const texts = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  return { ok: true, policy: { principalId, statements, context: texts } };
}

const STATEMENT_MEMBERS = ["Sid", "Effect", "Action", "Resource"];

type ReadStatement =
  | { readonly ok: true; readonly statement: PolicyStatement }
  | { readonly ok: false; readonly problem: string };

function readStatement(statement: unknown): ReadStatement {
  const { Effect, Action, Resource, ...others } = members(statement);
  const unknown = Object.keys(others).find((name) => !STATEMENT_MEMBERS.includes(name));
  if (unknown !== undefined) {
    return { ok: false, problem: `${unknown} in a statement is not evaluated here` };
  }
  if (Effect !== "Allow" && Effect !== "Deny") {
    return { ok: false, problem: "the Effect of a statement is neither Allow nor Deny" };
  }
  const [actions, resources] = [texts(Action), texts(Resource)];
  if (!actions || !resources) {
    const problem =
      "the Action or the Resource of a statement is neither a text nor a list of texts";
    return { ok: false, problem };
  }
  return { ok: true, statement: { effect: Effect, actions, resources } };
}

/** Undefined when it is neither a text nor a list of texts. */
function texts(value: unknown): string[] | undefined {
  const list = [value].flat();
  return list.every((item) => typeof item === "string") ? list : undefined;
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
