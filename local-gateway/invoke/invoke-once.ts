import type { DynamoDbCall } from "../dynamodb/create-request-listener.ts";
import { startEmbeddedDynamoDb } from "../dynamodb/embedded-dynamodb.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import { startFunctions } from "../lambda/start-functions.ts";
import type { Application } from "../template/application.ts";
import { type ManagementCall, RecordingManagementApi } from "./recording-management-api.ts";

/** What one invocation did. */
export interface InvocationReport {
  readonly result: InvocationResult;
  readonly managementCalls: readonly ManagementCall[];
  readonly databaseCalls: readonly DynamoDbCall[];
  readonly logLines: readonly string[];
}

/** Invokes one function of a template once, with an empty database and a management API that accepts everything. */
export async function invokeOnce(
  application: Application,
  region: string,
  functionId: string,
  event: object,
): Promise<InvocationReport> {
  await using resources = new AsyncDisposableStack();
  const databaseCalls: DynamoDbCall[] = [];
  const logLines: string[] = [];
  const management = await RecordingManagementApi.start();
  resources.defer(() => management.close());
  const dynamodb = await startEmbeddedDynamoDb({
    host: "127.0.0.1",
    port: 0,
    tables: application.tables,
    onRequest: (call) => databaseCalls.push(call),
  });
  resources.defer(() => dynamodb.close());
  const lambda = await startFunctions(application, {
    region,
    managementUrl: `${management.url}/${application.api.stage}`,
    dynamodbUrl: dynamodb.url,
    onLogLine: (_functionId, line) => logLines.push(line),
  });
  resources.defer(() => lambda.close());
  const result = await lambda.function(functionId).invoke(event);
  return { result, managementCalls: management.calls, databaseCalls, logLines };
}
