import { WebSocketGateway } from "./api-gateway/gateway.ts";
import { Cleanup } from "./cleanup.ts";
import { functionReporter, Reporter } from "./console/reporter.ts";
import { CrossOriginProtection } from "./cross-origin-protection.ts";
import { type EmbeddedDynamoDb, startDynamoDbIfNeeded } from "./dynamodb/embedded-dynamodb.ts";
import { Faults } from "./faults/faults.ts";
import { reachableHost } from "./http.ts";
import { addFunctions, Principals } from "./iam/principals.ts";
import { type LocalLambda, startFunctions } from "./lambda/start.ts";
import { awsHosts } from "./lambda/variables.ts";
import { LambdaApi } from "./lambda-api/lambda-api.ts";
import { checkOptions, type LocalGatewayOptions } from "./options.ts";
import { StaticFiles } from "./static-files.ts";
import { readApplication } from "./template/application.ts";

/** A local gateway that accepts connections. */
export interface LocalGateway {
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
  /** The embedded DynamoDB, which tests may take away and give back; without a table nothing happens. */
  readonly dynamodb: Pick<EmbeddedDynamoDb, "stopListening" | "listen">;
  /** How many connections are open now. */
  readonly connections: number;
  /**
   * Closes every connection with 1001, waits up to 4 s for them and their `$disconnect`, and ends the functions,
   * DynamoDB and the listeners. Twice is no error.
   */
  close(): Promise<void>;
}

/**
 * Runs a SAM template's WebSocket API, functions and tables on this machine. Resolves once connections are accepted.
 *
 * Throws when an option cannot be, the template cannot be read, a port is in use, a function cannot be built, the
 * faults are wrong, or what is to be served is no folder.
 */
export async function startLocalGateway(options: LocalGatewayOptions): Promise<LocalGateway> {
  checkOptions(options);
  const { host = "127.0.0.1", region = "us-east-1", parameterOverrides = {} } = options;
  const application = await readApplication(options.template, { region, parameterOverrides });
  const lines = {
    writeLine: options.onLine ?? console.log,
    quiet: options.quiet ?? false,
    colours: options.colours ?? false,
    logBodies: options.logBodies ?? false,
  };
  const reporter = new Reporter(lines);
  for (const warning of application.warnings) {
    reporter.observe({ kind: "template warning", warning });
  }
  const faults = new Faults(options.faults, (strike) =>
    reporter.observe({ kind: "fault", ...strike }),
  );
  const principals = new Principals();
  const { allowHosts = [], allowOrigins: origins } = options;
  // Whoever listens under a name of this machine uses it, too.
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
        reporter.observe({ kind: "database call rejected", operation, problem }),
      onRejected: (problem) => reporter.observe({ kind: "rejected", status: 403, problem }),
      onError: (error) => reporter.observe({ kind: "error", error }),
    });
    started.defer(() => dynamodb.close());
    const gateway = await WebSocketGateway.listen({
      api: application.api,
      region,
      principals,
      host,
      port: options.port ?? 0,
      idleTimeout: options.idleTimeout,
      connectionDuration: options.connectionDuration,
      crossOrigin,
      faults,
      staticFiles,
      report: reporter.observe,
    });
    const { port } = new URL(dynamodb.url ?? gateway.managementUrl);
    const dynamodbUrl = `http://${reachableHost(host)}:${port}`;
    let lambda: LocalLambda | undefined;
    // The functions must outlive the gateway: its stop runs $disconnect.
    started.defer(async () => {
      await gateway.close();
      await lambda?.close();
    });
    const built = Array.from(application.functions.values()).filter(({ esbuild }) => esbuild);
    if (built.length > 0) {
      // It takes seconds, and nothing else is printed meanwhile.
      reporter.observe({ kind: "building", functionIds: built.map(({ logicalId }) => logicalId) });
    }
    lambda = await startFunctions(application, {
      region,
      managementUrl: gateway.managementUrl,
      dynamodbUrl,
      onLogLine: reporter.logLine,
      onReport: functionReporter(lines),
      watch: options.watch,
      inspect: options.inspect,
      maxEnvironments: options.maxEnvironments,
    });
    addFunctions(principals, application.functions.values(), {
      credentials: lambda.credentials,
      region,
    });
    for (const { logicalId, role } of application.functions.values()) {
      if (role?.foreignArn !== undefined) {
        reporter.observe({ kind: "foreign role", functionId: logicalId, role: role.foreignArn });
      }
    }
    const running = (functionId: string) => lambda.function(functionId);
    const functions = [...application.functions.values()];
    const { observe: report } = reporter;
    gateway.serve(running, new LambdaApi({ region, principals, functions, running, report }));
    let closed: Promise<void> | undefined;
    return {
      url: gateway.url,
      managementUrl: gateway.managementUrl,
      dynamodbUrl,
      pageUrl: staticFiles && new URL("/", gateway.managementUrl).href,
      region,
      tableNames: application.tables.map(({ tableName }) => tableName),
      dynamodb,
      get connections() {
        return gateway.connections;
      },
      close: () => {
        closed ??= started.run();
        return closed;
      },
    };
  } catch (error) {
    await started.run();
    throw error;
  }
}
