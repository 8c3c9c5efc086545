import { stageUrls, WebSocketGateway } from "./api-gateway/gateway.ts";
import {
  type HttpListener,
  type HttpListenerOptions,
  listenFrom,
  listenHttp,
} from "./api-gateway/http-listener.ts";
import { Cleanup } from "./cleanup.ts";
import { Reporter } from "./console/reporter.ts";
import { CrossOriginProtection } from "./cross-origin-protection.ts";
import { type EmbeddedDynamoDb, startDynamoDbIfNeeded } from "./dynamodb/embedded-dynamodb.ts";
import { Faults } from "./faults/faults.ts";
import { reachableHost } from "./http.ts";
import { addFunctions, Principals } from "./iam/principals.ts";
import { startInspector } from "./inspector/start-inspector.ts";
import type { LambdaFunction } from "./lambda/invocation.ts";
import { startFunctions } from "./lambda/start.ts";
import { awsHosts } from "./lambda/variables.ts";
import { LambdaApi } from "./lambda-api/lambda-api.ts";
import type { Observation } from "./observation.ts";
import { checkOptions, DEFAULT_HOST, DEFAULT_REGION, type LocalGatewayOptions } from "./options.ts";
import { recordTimeline } from "./recording/recording-writer.ts";
import { StaticFiles } from "./static-files.ts";
import { type Application, readApplication } from "./template/application.ts";
import type { StagedApi, WebSocketApi } from "./template/web-socket-api.ts";
import { Timeline } from "./timeline/timeline.ts";

/** A WebSocket API of the template, on a port of its own. */
export interface LocalApi {
  readonly logicalId: string;
  /** Of the first stage. */
  readonly url: string;
  /** Of the first stage. */
  readonly managementUrl: string;
  /** All stages share the API's port: a stage is the first part of the path. */
  readonly stages: readonly LocalStage[];
}

/** A stage of a WebSocket API. */
interface LocalStage {
  readonly name: string;
  /** Where clients connect, for example `ws://127.0.0.1:3300/dev`. */
  readonly url: string;
  /** The endpoint of the management API, for example `http://127.0.0.1:3300/dev`. */
  readonly managementUrl: string;
}

/** A local gateway that accepts connections. */
export interface RunningGateway extends AsyncDisposable {
  /** Where clients connect, for example `ws://127.0.0.1:3300/dev`: the first stage of the first API. */
  readonly url: string;
  /** The endpoint of the management API, for example `http://127.0.0.1:3300/dev`: the first stage of the first API. */
  readonly managementUrl: string;
  /** The APIs, in the order of the template; those that `api` and `stage` choose. */
  readonly apis: readonly LocalApi[];
  /**
   * The endpoint of the embedded DynamoDB. It runs only when the template has a table; without one this is the API's own
   * address, which answers calls of DynamoDB with an error that says so.
   */
  readonly dynamodbUrl: string;
  /** Where the files of `staticDirectory` are, for example `http://127.0.0.1:3300/`; undefined when there are none. */
  readonly pageUrl: string | undefined;
  /** Where the inspector's page is, for example `http://127.0.0.1:3399/`; undefined when there is no inspector. */
  readonly inspectorUrl: string | undefined;
  readonly region: string;
  /** The names of the template's tables. */
  readonly tableNames: readonly string[];
  /** The embedded DynamoDB, which tests may stop and start again; without a table both do nothing. */
  readonly dynamodb: Pick<EmbeddedDynamoDb, "stopListening" | "listen">;
  /** How many connections are open now. */
  readonly connections: number;
  /**
   * Closes every connection with 1001, waits up to 4 s for them and their `$disconnect`, and ends the functions,
   * DynamoDB and the listeners. Twice is not an error.
   */
  close(): Promise<void>;
}

/** Who runs a gateway. */
interface Runner {
  readonly watcher?: Watcher;
  /** When it is aborted during the start, a program that builds a function is ended, and the start fails. */
  readonly signal?: AbortSignal;
}

/** What watches a gateway from its start to its end. */
interface Watcher {
  /** Takes what the gateway reports. */
  observe(observation: Observation): void;
  /** The same function, whose events are watched. */
  record(functionId: string, lambda: LambdaFunction): LambdaFunction;
  /** The gateway begins to close. */
  close(): void;
}

/**
 * Runs a template's WebSocket APIs, functions and tables. Resolves once connections are accepted. It keeps nothing of what
 * happens: that is for a watcher to do, and costs memory.
 *
 * Throws as `startLocalGateway` does.
 */
export async function runGateway(
  options: LocalGatewayOptions,
  { watcher, signal }: Runner = {},
): Promise<RunningGateway> {
  checkOptions(options);
  const { host = DEFAULT_HOST, api, stage, envVars, parameterOverrides } = options;
  const application = await readApplication(options.template, {
    region: options.region ?? DEFAULT_REGION,
    parameterOverrides,
    envVars,
    api,
    stage,
  });
  const { region } = application;
  const reporter = new Reporter({
    writeLine: options.onLine ?? console.log,
    quiet: options.quiet ?? false,
    colours: options.colours ?? false,
    logBodies: options.logBodies ?? false,
  });
  const timeline = new Timeline(options);
  const report = (observation: Observation) => {
    watcher?.observe(observation);
    timeline.observe(observation);
    reporter.observe(observation);
  };
  reportWarnings(application, report);
  const onError = (error: unknown) => report({ kind: "error", error });
  const onRejected = (problem: string) => report({ kind: "rejected", status: 403, problem });
  const faults = new Faults(options.faults, (trigger) => report({ kind: "fault", ...trigger }));
  const principals = new Principals();
  const { allowHosts = [], allowOrigins: origins } = options;
  // A gateway that listens under a name of this machine is also called by it.
  const hostsOnAws = application.apis.flatMap(({ apiId }) =>
    Object.values(awsHosts(apiId, region)),
  );
  const hosts = [...hostsOnAws, host, ...allowHosts];
  const crossOrigin = new CrossOriginProtection({ hosts, origins });
  const staticFiles =
    options.staticDirectory === undefined
      ? undefined
      : await StaticFiles.of(options.staticDirectory);
  const started = new Cleanup();
  try {
    await recordTimeline(timeline, options.record, { region, onError }, started);
    const dynamodb = await startDynamoDbIfNeeded({
      host,
      port: options.dynamodbPort ?? 0,
      tables: application.tables,
      region,
      principals,
      crossOrigin,
      faults,
      onAnswer: (call, answer) => timeline.databaseCall(call, answer),
      onDenied: ({ operation }, problem, traceId) =>
        report({ kind: "database call rejected", operation, problem, traceId }),
      onRejected,
      onError,
    });
    started.defer(() => dynamodb.close());
    // The ports have to be known before the functions start: their environment variables have the URLs.
    const where = { host, port: options.port ?? 0, onError };
    const listenerOf = await listenForApis(application.apis, where, started);
    const urls = (api: WebSocketApi) => stageUrls(api.stage, listenerOf(api));
    const { url, managementUrl } = urls(application.apis[0].stages[0]);
    const { port: dynamodbPort } = new URL(dynamodb.url ?? managementUrl);
    const dynamodbUrl = `http://${reachableHost(host)}:${dynamodbPort}`;
    const functions = [...application.functions.values()];
    const built = functions.filter(({ esbuild, makefile }) => esbuild ?? makefile);
    if (built.length > 0) {
      // It takes seconds, and nothing else is printed meanwhile.
      report({ kind: "building", functionIds: built.map(({ logicalId }) => logicalId) });
    }
    const lambda = await startFunctions(application, {
      region,
      managementUrl: (api) => urls(api).managementUrl,
      dynamodbUrl,
      onLogLine: (functionId, line, requestId) => {
        timeline.logLine(functionId, line, requestId);
        reporter.logLine(functionId, line);
      },
      onReport: reporter.reportFunction,
      watch: options.watch,
      inspect: options.inspect,
      maxEnvironments: options.maxEnvironments,
      signal,
    });
    // Deferred before the gateway, so that the functions outlive it: its stop runs $disconnect.
    started.defer(() => lambda.close());
    addFunctions(principals, functions, { credentials: lambda.credentials, region });
    for (const { logicalId, role } of functions) {
      if (role?.foreignArn !== undefined) {
        report({ kind: "foreign role", functionId: logicalId, role: role.foreignArn });
      }
    }
    const observed = (functionId: string, rerunOf?: number) =>
      timeline.record(functionId, lambda.function(functionId), rerunOf);
    const running = (functionId: string) => {
      const found = observed(functionId);
      return watcher?.record(functionId, found) ?? found;
    };
    const served = application.apis.map((api) => ({ api, listener: listenerOf(api) }));
    const gateway = new WebSocketGateway(served, {
      region,
      functions: running,
      lambdaApi: new LambdaApi({ region, principals, functions, running, report, faults }),
      principals,
      idleTimeout: options.idleTimeout,
      connectionDuration: options.connectionDuration,
      crossOrigin,
      faults,
      staticFiles,
      report,
    });
    started.defer(() => gateway.close());
    const inspectorOptions = {
      ...options,
      timeline,
      gateway,
      observed,
      crossOrigin: new CrossOriginProtection({ hosts: allowHosts }),
      onRejected,
      onError,
    };
    const inspectorUrl = await startInspector(inspectorOptions, started);
    const origin = new URL(managementUrl).origin;
    reportEventSources(application, { template: options.template, region, origin }, report);
    let closed: Promise<void> | undefined;
    const close = () => {
      watcher?.close();
      closed ??= started.run();
      return closed;
    };
    return {
      url,
      managementUrl,
      apis: application.apis.map(({ logicalId, stages }) => ({
        logicalId,
        ...urls(stages[0]),
        stages: stages.map((api) => ({ name: api.stage, ...urls(api) })),
      })),
      dynamodbUrl,
      pageUrl: staticFiles && new URL("/", managementUrl).href,
      inspectorUrl,
      region,
      tableNames: application.tables.map(({ tableName }) => tableName),
      dynamodb,
      get connections() {
        return gateway.connections;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await started.run();
    throw error;
  }
}

/**
 * Listens for each API on a port of its own: the first on the given one, each other one on the next that is free. Gives the
 * listener of an API.
 */
async function listenForApis(
  apis: Application["apis"],
  options: HttpListenerOptions,
  started: Cleanup,
): Promise<(api: Pick<StagedApi, "apiId">) => HttpListener> {
  const [first, ...others] = apis;
  const listener = await listenHttp(options);
  started.defer(() => listener.close());
  const listeners = new Map([[first.apiId, listener]]);
  let { port } = listener;
  for (const { apiId } of others) {
    const next = await listenFrom(options.port === 0 ? 0 : port + 1, options);
    started.defer(() => next.close());
    listeners.set(apiId, next);
    port = next.port;
  }
  return ({ apiId }) => listeners.get(apiId) ?? listener;
}

/**
 * Reports what never invokes a function here, with the command line that does it by hand: the repository's script or, in the
 * npm package, the AWS CLI.
 */
function reportEventSources(
  { eventSources }: Application,
  { template, region, origin }: { template: string; region: string; origin: string },
  report: (observation: Observation) => void,
): void {
  const quoted = /^[\w./-]+$/.test(template) ? template : `'${template}'`;
  const isRepository = import.meta.filename.endsWith(".ts");
  for (const { functionName, ...source } of eventSources) {
    const command = isRepository
      ? `npm run invoke -- EVENT.json --template ${quoted} --function ${source.functionId} --url ${origin}`
      : `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws lambda invoke --endpoint-url ${origin} --region ${region} --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload file://EVENT.json /dev/stdout`;
    report({ kind: "event source", ...source, command });
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
      const isOfAll = group.length > 1 && group.length === functions.size;
      const which = isOfAll ? "every function" : group.map(({ logicalId }) => logicalId).join(", ");
      const warning = `Node ${node} runs ${which} here, and Node ${major} on AWS`;
      report({ kind: "runtime warning", warning });
    }
  }
}
