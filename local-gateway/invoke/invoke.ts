import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { Cleanup } from "../cleanup.ts";
import { CrossOriginProtection } from "../cross-origin-protection.ts";
import { startDynamoDbIfNeeded } from "../dynamodb/embedded-dynamodb.ts";
import type { DynamoDbCall } from "../dynamodb/requests.ts";
import { ManagementAccess } from "../iam/management-access.ts";
import { addFunctions, Principals } from "../iam/principals.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import { startFunctions } from "../lambda/start.ts";
import { awsHosts } from "../lambda/variables.ts";
import { LambdaApi } from "../lambda-api/lambda-api.ts";
import type { Application } from "../template/application.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { type ManagementCall, RecordingManagementApi } from "./recording-management-api.ts";

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
  await using resources = new Cleanup();
  const databaseCalls: DynamoDbCall[] = [];
  const logLines: string[] = [];
  const rejections: string[] = [];
  const principals = new Principals();
  const { api } = application;
  const crossOrigin = new CrossOriginProtection({
    hosts: Object.values(awsHosts(api.apiId, region)),
  });
  const management = await RecordingManagementApi.start(
    new ManagementAccess({ api, region, principals }),
    crossOrigin,
  );
  resources.defer(() => management.close());
  const dynamodb = await startDynamoDbIfNeeded({
    host: "127.0.0.1",
    port: 0,
    tables: application.tables,
    region,
    principals,
    crossOrigin,
    onRequest: (call) => databaseCalls.push(call),
    onDenied: (_call, problem) => rejections.push(problem),
    onRejected: (problem) => rejections.push(problem),
  });
  resources.defer(() => dynamodb.close());
  const lambda = await startFunctions(application, {
    region,
    managementUrl: `${management.url}/${api.stage}`,
    dynamodbUrl: dynamodb.url ?? management.url,
    onLogLine: (_functionId, line) => logLines.push(line),
  });
  resources.defer(() => lambda.close());
  addFunctions(principals, application.functions.values(), {
    credentials: lambda.credentials,
    region,
  });
  const lambdaApi = new LambdaApi({
    region,
    principals,
    functions: [...application.functions.values()],
    running: (otherId) => lambda.function(otherId),
    report: (observation) => {
      if (observation.kind === "invocation rejected") {
        rejections.push(observation.problem);
      }
    },
  });
  resources.defer(() => lambdaApi.close());
  management.serve(lambdaApi);
  const result = await lambda.function(functionId).invoke(event);
  return {
    result,
    managementCalls: management.calls,
    databaseCalls,
    rejections: [...management.rejections, ...rejections],
    logLines,
  };
}

/** The gateway that runs, and the function of it that is meant. */
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

/** Lambda's own errors are spelled in two ways. */
interface Rejection {
  readonly message?: string;
  readonly Message?: string;
}

/** The person at this machine. */
const DEVELOPER = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * Invokes a function of a local gateway that runs, through Lambda's API, and waits for the result.
 *
 * Throws with one sentence when no gateway answers, or when it rejects the call.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeRunning(
  { origin, region, functionName }: RunningFunction,
  event: object,
): Promise<InvocationResult> {
  const { hostname, host } = new URL(origin);
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const body = JSON.stringify(event);
  const signer = new SignatureV4({
    service: "lambda",
    region,
    credentials: DEVELOPER,
    sha256: Sha256,
  });
  const call = { method: "POST", protocol: "http:", hostname, path, query: {}, body };
  const { headers } = await signer.sign({ ...call, headers: { host } });
  const response = await send(`${origin}${path}`, { method: "POST", headers, body }, origin);
  return await readResult(response, origin);
}

async function send(url: string, init: RequestInit, origin: string): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new Error(`No local gateway answers at ${origin}: start one with npm start.`, { cause });
  }
}

async function readResult(response: Response, origin: string): Promise<InvocationResult> {
  const { status, headers } = response;
  const text = await response.text();
  if (status === 200 && headers.has("x-amz-executed-version")) {
    if (!headers.has("x-amz-function-error")) {
      return { outcome: "returned", payload: JSON.parse(text) };
    }
    const error: FunctionError = JSON.parse(text);
    return { outcome: "failed", ...error };
  }
  const errorType = headers.get("x-amzn-errortype");
  if (errorType === null) {
    throw new Error(`What answers at ${origin} is no local gateway (${status}).`);
  }
  const { message, Message = message }: Rejection = JSON.parse(text);
  throw new Error(`${errorType}: ${Message}`);
}

/** The function to invoke: the one that is named, or the only one. Throws when there is no such function. */
export function chooseFunction(
  { functions }: Application,
  named: string | undefined,
): FunctionDefinition {
  const [only, ...others] = functions.values();
  const chosen = named === undefined ? only : functions.get(named);
  if (chosen === undefined || (named === undefined && others.length > 0)) {
    const problem = named === undefined ? "Name a function" : `There is no function ${named}`;
    throw new Error(`${problem}: --function takes one of ${[...functions.keys()].join(", ")}.`);
  }
  return chosen;
}
