import { stageUrls, WebSocketGateway } from "./api-gateway/gateway.ts";
import { listenHttp } from "./api-gateway/http-listener.ts";
import { Cleanup } from "./cleanup.ts";
import { Reporter } from "./console/reporter.ts";
import { CrossOriginProtection } from "./cross-origin-protection.ts";
import { type EmbeddedDynamoDb, startDynamoDbIfNeeded } from "./dynamodb/embedded-dynamodb.ts";
import { Faults } from "./faults/faults.ts";
import { reachableHost } from "./http.ts";
import { addFunctions, Principals } from "./iam/principals.ts";
import { startFunctions } from "./lambda/start.ts";
import { awsHosts } from "./lambda/variables.ts";
import { LambdaApi } from "./lambda-api/lambda-api.ts";
import type { Observation } from "./observation.ts";
import { checkOptions, DEFAULT_HOST, DEFAULT_REGION, type LocalGatewayOptions } from "./options.ts";
import { StaticFiles } from "./static-files.ts";
import { type Application, readApplication } from "./template/application.ts";
import type { ConnectOptions } from "./testing/connect.ts";
import {
  type EventFilter,
  type GatewayClient,
  type Post,
  type ReceivedEvent,
  Recording,
} from "./testing/recording.ts";

/** A local gateway that accepts connections. */
export interface LocalGateway extends AsyncDisposable {
  /** Where clients connect, for example `ws://127.0.0.1:3300/dev`. */
  readonly url: string;
  /** The endpoint of the management API, for example `http://127.0.0.1:3300/dev`. */
  readonly managementUrl: string;
  /**
   * The endpoint of the embedded DynamoDB. It runs only when the template has a table; without one this is the API's own
   * address, which answers calls of DynamoDB with an error that says so.
   */
  readonly dynamodbUrl: string;
  /** Where the files of `staticDirectory` are, for example `http://127.0.0.1:3300/`; undefined when there are none. */
  readonly pageUrl: string | undefined;
  readonly region: string;
  /** The names of the template's tables. */
  readonly tableNames: readonly string[];
  /** The embedded DynamoDB, which tests may stop and start again; without a table both do nothing. */
  readonly dynamodb: Pick<EmbeddedDynamoDb, "stopListening" | "listen">;
  /** How many connections are open now. */
  readonly connections: number;
  /**
   * Connects a client whose messages can be awaited. Throws a ConnectionRejectedError, with the status, when the API
   * rejects the upgrade, and `CONNECTION_FAILED` when it does not answer in time.
   */
  connect(options?: ConnectOptions): Promise<GatewayClient>;
  /** The last events that functions received, all of them or those that the filter names, the oldest first. */
  events(filter?: EventFilter): ReceivedEvent[];
  /**
   * The first event that the filter names and whose function has ended; waits for it up to `timeout` milliseconds, 4000
   * when absent. Throws `NO_EVENT` when there is none in time.
   */
  waitForEvent(filter: EventFilter, timeout?: number): Promise<ReceivedEvent>;
  /** The last posts to connections, all of them or those to one connection, the oldest first. */
  posts(filter?: Pick<EventFilter, "connectionId">): Post[];
  /**
   * Closes every connection with 1001, waits up to 4 s for them and their `$disconnect`, and ends the functions,
   * DynamoDB and the listeners. Twice is not an error.
   */
  close(): Promise<void>;
}

/**
 * Runs a SAM template's WebSocket API, functions and tables on this machine. Resolves once connections are accepted.
 *
 * Throws a LocalGatewayError when an option is invalid, a port cannot be used, a function does not build or DynamoDB
 * rejects a table, and a TemplateError when the template cannot be run here.
 */
export async function startLocalGateway(options: LocalGatewayOptions): Promise<LocalGateway> {
  checkOptions(options);
  const { host = DEFAULT_HOST, region = DEFAULT_REGION, parameterOverrides = {} } = options;
  const application = await readApplication(options.template, { region, parameterOverrides });
  const reporter = new Reporter({
    writeLine: options.onLine ?? console.log,
    quiet: options.quiet ?? false,
    colours: options.colours ?? false,
    logBodies: options.logBodies ?? false,
  });
  const recording = new Recording();
  const report = (observation: Observation) => {
    recording.observe(observation);
    reporter.observe(observation);
  };
  reportWarnings(application, report);
  const onError = (error: unknown) => report({ kind: "error", error });
  const faults = new Faults(options.faults, (trigger) => report({ kind: "fault", ...trigger }));
  const principals = new Principals();
  const { allowHosts = [], allowOrigins: origins } = options;
  // A gateway that listens under a name of this machine is also called by it.
  const hosts = [...Object.values(awsHosts(application.api.apiId, region)), host, ...allowHosts];
  const crossOrigin = new CrossOriginProtection({ hosts, origins });
  const staticFiles =
    options.staticDirectory === undefined
      ? undefined
      : await StaticFiles.of(options.staticDirectory);
  const started = new Cleanup();
  try {
    const dynamodb = await startDynamoDbIfNeeded({
      host,
      port: options.dynamodbPort ?? 0,
      tables: application.tables,
      region,
      principals,
      crossOrigin,
      faults,
      onDenied: ({ operation }, problem) =>
        report({ kind: "database call rejected", operation, problem }),
      onRejected: (problem) => report({ kind: "rejected", status: 403, problem }),
      onError,
    });
    started.defer(() => dynamodb.close());
    // The port has to be known before the functions start: their environment variables have the URLs.
    const listener = await listenHttp({ host, port: options.port ?? 0, onError });
    started.defer(() => listener.close());
    const { url, managementUrl } = stageUrls(application.api.stage, listener);
    const { port: dynamodbPort } = new URL(dynamodb.url ?? managementUrl);
    const dynamodbUrl = `http://${reachableHost(host)}:${dynamodbPort}`;
    const functions = [...application.functions.values()];
    const built = functions.filter(({ esbuild }) => esbuild);
    if (built.length > 0) {
      // It takes seconds, and nothing else is printed meanwhile.
      report({ kind: "building", functionIds: built.map(({ logicalId }) => logicalId) });
    }
    const lambda = await startFunctions(application, {
      region,
      managementUrl,
      dynamodbUrl,
      onLogLine: reporter.logLine,
      onReport: reporter.reportFunction,
      watch: options.watch,
      inspect: options.inspect,
      maxEnvironments: options.maxEnvironments,
    });
    // Deferred before the gateway, so that the functions outlive it: its stop runs $disconnect.
    started.defer(() => lambda.close());
    addFunctions(principals, functions, { credentials: lambda.credentials, region });
    for (const { logicalId, role } of functions) {
      if (role?.foreignArn !== undefined) {
        report({ kind: "foreign role", functionId: logicalId, role: role.foreignArn });
      }
    }
    const running = (functionId: string) =>
      recording.record(functionId, lambda.function(functionId));
    const gateway = new WebSocketGateway(listener, {
      api: application.api,
      region,
      functions: running,
      lambdaApi: new LambdaApi({ region, principals, functions, running, report }),
      principals,
      idleTimeout: options.idleTimeout,
      connectionDuration: options.connectionDuration,
      crossOrigin,
      faults,
      staticFiles,
      report,
    });
    started.defer(() => gateway.close());
    let closed: Promise<void> | undefined;
    const close = () => {
      recording.close();
      closed ??= started.run();
      return closed;
    };
    return {
      url,
      managementUrl,
      dynamodbUrl,
      pageUrl: staticFiles && new URL("/", managementUrl).href,
      region,
      tableNames: application.tables.map(({ tableName }) => tableName),
      dynamodb,
      get connections() {
        return gateway.connections;
      },
      connect: (connectOptions) => recording.connect(url, connectOptions),
      events: (filter) => recording.events(filter),
      waitForEvent: (filter, timeout) => recording.waitForEvent(filter, timeout),
      posts: (filter) => recording.posts(filter),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await started.run();
    throw error;
  }
}

/** Reports what may surprise in the template, and functions that declare another Node than the one that runs here. */
function reportWarnings(
  { warnings, functions }: Application,
  report: (observation: Observation) => void,
): void {
  for (const warning of warnings) {
    report({ kind: "template warning", warning });
  }
  const { node } = process.versions;
  const [here] = node.split(".", 1);
  const majorOf = (runtime: string) => /^nodejs(\d+)\./.exec(runtime)?.[1] ?? here;
  for (const [major, group] of Map.groupBy(functions.values(), ({ runtime }) => majorOf(runtime))) {
    if (major !== here) {
      const ids = group.map(({ logicalId }) => logicalId).join(", ");
      const warning = `Node ${node} runs ${ids} here, and Node ${major} on AWS`;
      report({ kind: "runtime warning", warning });
    }
  }
}
