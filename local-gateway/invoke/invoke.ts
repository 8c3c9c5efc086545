import { LocalGatewayError } from "../errors.ts";
import type { DynamoDbCall } from "../iam/dynamodb-access.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import type { Application } from "../template/application.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { startIsolatedApplication } from "./isolated-application.ts";
import type { ManagementCall } from "./recording-management-api.ts";
import { signedPost } from "./signed-post.ts";

/** What one invocation did. */
export interface InvocationReport {
  readonly result: InvocationResult;
  readonly managementCalls: readonly ManagementCall[];
  readonly databaseCalls: readonly DynamoDbCall[];
  /** Why calls of these, and of Lambda, were rejected, one line each. */
  readonly rejections: readonly string[];
  readonly logLines: readonly string[];
}

/**
 * Invokes one function of a template once, with an empty database, a management API that has no connections, and the
 * template's other functions. All accept what the function's policies allow.
 */
export async function invokeOnce(
  application: Application,
  region: string,
  functionId: string,
  event: object,
): Promise<InvocationReport> {
  const managementCalls: ManagementCall[] = [];
  const databaseCalls: DynamoDbCall[] = [];
  const managementRejections: string[] = [];
  const otherRejections: string[] = [];
  const logLines: string[] = [];
  await using isolated = await startIsolatedApplication(application, {
    region,
    onManagementCall: (call) => {
      managementCalls.push(call);
      return undefined;
    },
    onDatabaseCall: (call) => databaseCalls.push(call),
    onManagementRejected: (problem) => managementRejections.push(problem),
    onRejected: (problem) => otherRejections.push(problem),
    onLogLine: (line) => logLines.push(line),
  });
  const result = await isolated.function(functionId).invoke(event);
  const rejections = [...managementRejections, ...otherRejections];
  return { result, managementCalls, databaseCalls, rejections, logLines };
}

/** A gateway that runs, and one of its functions. */
interface RunningFunction {
  /** For example `http://127.0.0.1:3300`. */
  readonly origin: string;
  readonly region: string;
  readonly functionName: string;
}

/** The payload of a function that failed. */
interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Lambda spells the member with the sentence of its own errors in two ways. */
interface LambdaErrorBody {
  readonly message?: string;
  readonly Message?: string;
}

/**
 * Invokes a function of a local gateway that runs, through Lambda's API, and waits for the result.
 *
 * Throws `GATEWAY_UNREACHABLE` when no gateway answers, and `INVOCATION_REJECTED` when it rejects the call.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeRunning(
  { origin, region, functionName }: RunningFunction,
  event: object,
): Promise<InvocationResult> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const body = JSON.stringify(event);
  const answer = await send({ url: `${origin}${path}`, service: "lambda", region, body }, origin);
  return readResult(answer, origin);
}

/** What came back, all of it. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(post: Parameters<typeof signedPost>[0], origin: string): Promise<Answer> {
  try {
    const response = await signedPost(post);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (cause) {
    const sentence = `No local gateway answers at ${origin}: start one with npm start.`;
    throw new LocalGatewayError("GATEWAY_UNREACHABLE", sentence, { cause });
  }
}

function readResult({ status, headers, text }: Answer, origin: string): InvocationResult {
  if (status === 200 && headers.has("x-amz-executed-version")) {
    if (!headers.has("x-amz-function-error")) {
      return { outcome: "returned", payload: parseAnswer(text, status, origin) };
    }
    const error = parseAnswer(text, status, origin) as FunctionError;
    return { outcome: "failed", ...error };
  }
  const errorType = headers.get("x-amzn-errortype");
  if (errorType === null) {
    throw notAGateway(status, origin);
  }
  const { message, Message = message } = parseAnswer(text, status, origin) as LambdaErrorBody;
  throw new LocalGatewayError("INVOCATION_REJECTED", `${errorType}: ${Message}`);
}

function parseAnswer(text: string, status: number, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notAGateway(status, origin, cause);
  }
}

function notAGateway(status: number, origin: string, cause?: unknown): LocalGatewayError {
  const sentence = `The server at ${origin} is not a local gateway (${status}).`;
  return new LocalGatewayError("GATEWAY_UNREACHABLE", sentence, { cause });
}

/** The function to invoke: the named one, or the only one. Throws `INVALID_OPTION` when there is no such function. */
export function chooseFunction(
  { functions }: Application,
  named: string | undefined,
): FunctionDefinition {
  const [only, ...others] = functions.values();
  const chosen = named === undefined ? only : functions.get(named);
  if (chosen === undefined || (named === undefined && others.length > 0)) {
    const problem = named === undefined ? "Name a function" : `There is no function ${named}`;
    const sentence = `${problem}: --function takes one of ${[...functions.keys()].join(", ")}.`;
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  return chosen;
}
