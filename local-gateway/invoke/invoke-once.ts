import { CrossOriginProtection } from "../cross-origin-protection.ts";
import type { DynamoDbCall } from "../dynamodb/create-request-listener.ts";
import { startEmbeddedDynamoDb } from "../dynamodb/embedded-dynamodb.ts";
import { addFunctions } from "../iam/add-functions.ts";
import { ManagementAccess } from "../iam/management-access.ts";
import { Principals } from "../iam/principals.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import { awsHosts } from "../lambda/local-hosts.ts";
import { startFunctions } from "../lambda/start-functions.ts";
import { LambdaApi } from "../lambda-api/lambda-api.ts";
import type { Application } from "../template/application.ts";
import { type ManagementCall, RecordingManagementApi } from "./recording-management-api.ts";

/** What one invocation did. */
export interface InvocationReport {
  readonly result: InvocationResult;
  readonly managementCalls: readonly ManagementCall[];
  readonly databaseCalls: readonly DynamoDbCall[];
  /** Why calls of these, and of Lambda, were refused, one line each. */
  readonly refusals: readonly string[];
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
  await using resources = new AsyncDisposableStack();
  const databaseCalls: DynamoDbCall[] = [];
  const logLines: string[] = [];
  const refusals: string[] = [];
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
  const dynamodb = await startEmbeddedDynamoDb({
    host: "127.0.0.1",
    port: 0,
    tables: application.tables,
    region,
    principals,
    crossOrigin,
    onRequest: (call) => databaseCalls.push(call),
    onRefused: (_call, problem) => refusals.push(problem),
    onRejected: (problem) => refusals.push(problem),
  });
  resources.defer(() => dynamodb.close());
  const lambda = await startFunctions(application, {
    region,
    managementUrl: `${management.url}/${api.stage}`,
    dynamodbUrl: dynamodb.url,
    onLogLine: (_functionId, line) => logLines.push(line),
  });
  resources.defer(() => lambda.close());
  addFunctions(principals, application.functions.values(), { lambda, region });
  const lambdaApi = new LambdaApi({
    region,
    principals,
    functions: [...application.functions.values()],
    running: (otherId) => lambda.function(otherId),
    report: (observation) => {
      if (observation.kind === "invocation refused") {
        refusals.push(observation.problem);
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
    refusals: [...management.refusals, ...refusals],
    logLines,
  };
}
