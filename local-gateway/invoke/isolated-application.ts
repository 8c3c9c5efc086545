import { Cleanup } from "../cleanup.ts";
import { CrossOriginProtection } from "../cross-origin-protection.ts";
import { startDynamoDbIfNeeded } from "../dynamodb/embedded-dynamodb.ts";
import type { DynamoDbAnswer } from "../dynamodb/requests.ts";
import type { DynamoDbCall } from "../iam/dynamodb-access.ts";
import { ManagementAccess } from "../iam/management-access.ts";
import { addFunctions, Principals } from "../iam/principals.ts";
import type { LambdaFunction } from "../lambda/invocation.ts";
import { startFunctions } from "../lambda/start.ts";
import { awsHosts } from "../lambda/variables.ts";
import { LambdaApi } from "../lambda-api/lambda-api.ts";
import type { Application } from "../template/application.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import {
  type ManagementAnswer,
  type ManagementCall,
  RecordingManagementApi,
} from "./recording-management-api.ts";

/** What is notified of what the functions do, and how their calls are answered. */
interface IsolatedApplicationOptions {
  readonly region: string;
  /** Takes each call of a management API that its caller may make, and gives the answer; an empty 200 when absent. */
  readonly onManagementCall: (call: ManagementCall) => ManagementAnswer | undefined;
  /** Takes each call of DynamoDB, before it runs. */
  readonly onDatabaseCall?: (call: DynamoDbCall) => void;
  /** Takes each call of DynamoDB that was answered. */
  readonly onDatabaseAnswer?: (call: DynamoDbCall, answer: DynamoDbAnswer) => void;
  /** Takes why a call of a management API was rejected, in one sentence; `onRejected` does when absent. */
  readonly onManagementRejected?: (problem: string) => void;
  /** Takes why any other call was rejected. */
  readonly onRejected: (problem: string) => void;
  readonly onLogLine: (line: string) => void;
  /** The function in place of one that other functions invoke. */
  readonly invoked?: (functionId: string, lambda: LambdaFunction) => LambdaFunction;
}

/** Functions without clients. */
export interface IsolatedApplication extends AsyncDisposable {
  /** Throws when the template has no such function. */
  function(functionId: string): LambdaFunction;
  /** Where the database is; without one, what answers its calls with an error. */
  readonly dynamodbUrl: string;
}

/**
 * Starts the functions of a template with an empty database, management APIs that have no connections, and the template's
 * other functions. All accept what the functions' policies allow.
 */
export async function startIsolatedApplication(
  application: Application,
  options: IsolatedApplicationOptions,
): Promise<IsolatedApplication> {
  const { region, onManagementCall, onRejected, onManagementRejected = onRejected } = options;
  const { invoked = (_functionId, lambda) => lambda } = options;
  const resources = new Cleanup();
  try {
    const principals = new Principals();
    const crossOrigin = new CrossOriginProtection({
      hosts: application.apis.flatMap(({ apiId }) => Object.values(awsHosts(apiId, region))),
    });
    const functions = [...application.functions.values()];
    const lambdaApi = new LambdaApi({
      region,
      principals,
      functions,
      // Only functions call it, and they start below.
      running: (otherId) => invoked(otherId, lambda.function(otherId)),
      report: (observation) => {
        if (observation.kind === "invocation rejected") {
          onRejected(observation.problem);
        }
      },
    });
    const managementUrls = new Map<WebSocketApi, string>();
    for (const api of application.apis.flatMap(({ stages }) => stages)) {
      const management = await RecordingManagementApi.start({
        access: new ManagementAccess({ api, region, principals }),
        crossOrigin,
        lambdaApi,
        onCall: onManagementCall,
        onRejected: onManagementRejected,
      });
      resources.defer(() => management.close());
      managementUrls.set(api, management.url);
    }
    const managementUrl = (api: WebSocketApi) => managementUrls.get(api) ?? "";
    const dynamodb = await startDynamoDbIfNeeded({
      host: "127.0.0.1",
      port: 0,
      tables: application.tables,
      region,
      principals,
      crossOrigin,
      onRequest: (call) => options.onDatabaseCall?.(call),
      onAnswer: (call, answer) => options.onDatabaseAnswer?.(call, answer),
      onDenied: (_call, problem) => onRejected(problem),
      onRejected,
      onError: (error) => onRejected(`the embedded DynamoDB failed: ${error}`),
    });
    resources.defer(() => dynamodb.close());
    const dynamodbUrl = dynamodb.url ?? managementUrl(application.apis[0].stages[0]);
    const lambda = await startFunctions(application, {
      region,
      managementUrl: (api) => `${managementUrl(api)}/${api.stage}`,
      dynamodbUrl,
      onLogLine: (_functionId, line) => options.onLogLine(line),
    });
    resources.defer(() => lambda.close());
    addFunctions(principals, functions, { credentials: lambda.credentials, region });
    // Before the functions end: it waits a bounded time for their invocations.
    resources.defer(() => lambdaApi.close());
    return {
      function: (functionId) => lambda.function(functionId),
      dynamodbUrl,
      [Symbol.asyncDispose]: () => resources.run(),
    };
  } catch (error) {
    await resources.run();
    throw error;
  }
}
