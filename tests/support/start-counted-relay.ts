import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { stageUrls, WebSocketGateway } from "../../local-gateway/api-gateway/gateway.ts";
import { listenHttp } from "../../local-gateway/api-gateway/http-listener.ts";
import { startEmbeddedDynamoDb } from "../../local-gateway/dynamodb/embedded-dynamodb.ts";
import type { FaultTarget } from "../../local-gateway/faults/faults.ts";
import type { FaultName, FaultSettings } from "../../local-gateway/faults/settings.ts";
import { addFunctions, Principals } from "../../local-gateway/iam/principals.ts";
import { startFunctions } from "../../local-gateway/lambda/start.ts";
import { LambdaApi } from "../../local-gateway/lambda-api/lambda-api.ts";
import type { Observation } from "../../local-gateway/observation.ts";
import { readApplication } from "../../local-gateway/template/application.ts";
import {
  membershipItem,
  registrationItem,
} from "../../src/adapters/dynamodb-connection-store/items.ts";
import { DynamoDbMessageHistory } from "../../src/adapters/dynamodb-message-history.ts";
import type { Connection, Membership } from "../../src/domain/connection.ts";
import { Inbox } from "../local-gateway/support/inbox.ts";
import { ChoosyFaults } from "./choosy-faults.ts";

const region = "us-east-1";
const host = "127.0.0.1";
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
/** Items that one batch may write. */
const LARGEST_BATCH = 25;
const FAULTS_THAT_ANSWER: readonly FaultName[] = ["postGone", "postThrottled", "postError"];

/** What one operation of the relay asked for, of DynamoDB and of the management API. */
export interface Cost {
  /** The calls, for example `GetItem consistent` or `BatchWriteItem of 3`, in their order. */
  readonly database: readonly string[];
  /** How many posts to connections, with the questions whether one is there. */
  readonly posts: number;
}

/** A call as the tests name it: with what decides about its price. */
function describeCall(operation: string, body: unknown): string {
  const { ConsistentRead, RequestItems = {} } = body as {
    ConsistentRead?: boolean;
    RequestItems?: Record<string, readonly unknown[]>;
  };
  return operation === "BatchWriteItem"
    ? `${operation} of ${Object.values(RequestItems).flat().length}`
    : `${operation}${ConsistentRead ? " consistent" : ""}`;
}

/**
 * The relay's template and bundle as `npm start` runs them, with a count of what each operation asks for. Faults affect
 * only the calls that they are limited to; other calls do not trigger them.
 */
export async function startCountedRelay(
  settings: FaultSettings = {},
  mayTrigger: (target: FaultTarget) => boolean = () => true,
  parameterOverrides: Readonly<Record<string, string>> = {},
) {
  const resources = new AsyncDisposableStack();
  const application = await readApplication("template.yaml", { region, parameterOverrides });
  const { tables } = application;
  const [api] = application.apis;
  const principals = new Principals();
  const calls: string[] = [];
  const observed = new Inbox<Observation>();
  let posts = 0;
  // The gateway observes only those posts that no fault has answered.
  const faults = new ChoosyFaults(mayTrigger, settings, ({ fault }) => {
    posts += FAULTS_THAT_ANSWER.includes(fault) ? 1 : 0;
  });

  const dynamodb = await startEmbeddedDynamoDb({
    host,
    port: 0,
    tables,
    region,
    principals,
    faults,
    onRequest: ({ operation, body }) => {
      calls.push(describeCall(operation, body));
    },
  });
  resources.defer(() => dynamodb.close());
  const onError = (error: unknown) => {
    throw error;
  };
  const listener = await listenHttp({ host, port: 0, onError });
  resources.defer(() => listener.close());
  const { url, managementUrl } = stageUrls(api.stages[0].stage, listener);
  const lambda = await startFunctions(application, {
    region,
    managementUrl: () => managementUrl,
    dynamodbUrl: dynamodb.url,
    onLogLine: () => {},
  });
  resources.defer(() => lambda.close());
  addFunctions(principals, application.functions.values(), {
    credentials: lambda.credentials,
    region,
  });
  const functions = [...application.functions.values()];
  const running = (functionId: string) => lambda.function(functionId);
  const gateway = new WebSocketGateway([{ listener, api }], {
    region,
    functions: running,
    lambdaApi: new LambdaApi({ region, principals, functions, running, report: () => {} }),
    principals,
    faults,
    report: (observation) => {
      posts += observation.kind === "management call" ? 1 : 0;
      if (["connected", "message", "disconnected"].includes(observation.kind)) {
        observed.put(observation);
      }
    },
  });
  resources.defer(() => gateway.close());

  const table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region, endpoint: dynamodb.url, credentials }),
    { marshallOptions: { removeUndefinedValues: true } },
  );

  async function counted(operation: () => Promise<unknown>): Promise<Cost> {
    calls.length = 0;
    posts = 0;
    await operation();
    return { database: [...calls], posts };
  }

  const invoke = async (event: object): Promise<unknown> => {
    const result = await lambda.function("RelayFunction").invoke(event);
    if (result.outcome !== "returned") {
      throw new Error("The function has failed.", { cause: result });
    }
    return result.payload;
  };

  const messagesTable = tables.find(({ tableName }) => tableName.includes("Messages"))?.tableName;
  return {
    url,
    /** The history of the relay's channels, where the parameters switch it on. */
    history: new DynamoDbMessageHistory(messagesTable ?? "none", {
      region,
      endpoint: dynamodb.url,
      credentials,
    }),
    /** Puts registrations and memberships into the table, of connections that are not there. */
    async register(
      connections: readonly Connection[],
      memberships: readonly Membership[] = [],
    ): Promise<void> {
      const items = [...connections.map(registrationItem), ...memberships.map(membershipItem)];
      const puts = items.map((Item) => ({ PutRequest: { Item } }));
      for (let index = 0; index < puts.length; index += LARGEST_BATCH) {
        const batch = puts.slice(index, index + LARGEST_BATCH);
        const RequestItems = { [tables[0]?.tableName ?? ""]: batch };
        await table.send(new BatchWriteCommand({ RequestItems }));
      }
    },
    /** What is asked for before the gateway has dealt with everything that `action` causes. */
    cost: (action: () => unknown): Promise<Cost> =>
      counted(async () => {
        await action();
        await observed.take();
      }),
    /** Invokes the function itself, and gives what it returned. */
    invoke,
    /** What is asked for before `operation`, which waits for everything that it causes, resolves. */
    costOf: counted,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
