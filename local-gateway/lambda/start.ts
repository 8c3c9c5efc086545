import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { ListenError } from "../http.ts";
import type { Application } from "../template/application.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { ACCOUNT_ID } from "../template/scope.ts";
import { buildRuntime } from "./build.ts";
import { Reaper } from "./child-processes.ts";
import { holdEsbuild } from "./esbuild.ts";
import type { FunctionReport } from "./function-report.ts";
import type { LambdaFunction } from "./invocation.ts";
import { EnvironmentPool } from "./pool.ts";
import { type FunctionBuild, openBuilder } from "./reload/builder.ts";
import { FunctionReload } from "./reload/reload.ts";
import type { EnvironmentDefinition } from "./runtime-process.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import {
  type Credentials,
  createCredentials,
  functionVariables,
  type LocalHosts,
  localHosts,
} from "./variables.ts";

/** What the functions find around them. */
export interface FunctionsOptions {
  readonly region: string;
  /** The base URL of the management API, for example `http://127.0.0.1:3300/dev`. */
  readonly managementUrl: string;
  /** The URL of DynamoDB, for example `http://127.0.0.1:3301`. */
  readonly dynamodbUrl: string;
  /** Takes what a function writes: the text of one console call, or one line of its standard output or error. */
  readonly onLogLine: (functionId: string, line: string) => void;
  /** Takes what else is worth knowing about a function: reloads, debuggers, calls that came too late. */
  readonly onReport?: ((report: FunctionReport) => void) | undefined;
  /**
   * Reload a function when its sources change: the files that esbuild built it from, or everything below its CodeUri;
   * installed packages are not watched. False when absent.
   */
  readonly watch?: boolean | undefined;
  /**
   * The port on 127.0.0.1 where a debugger may attach to the first function; the next function has the next port. With
   * 0 each has any free one. Each function then has one environment, which nothing times out, and names and source maps
   * are built in. Nobody inspects when absent.
   */
  readonly inspect?: number | undefined;
  /**
   * Each function's reserved concurrency: Lambda's rejection for any further event at a time. Without it a function has
   * up to 100 environments, and events wait. Not together with `inspect`.
   */
  readonly maxEnvironments?: number | undefined;
}

/**
 * Builds the functions of a template and makes them ready to be invoked. Their processes start with the first events.
 *
 * Throws with file and line when a function does not build, and with one sentence when options contradict each other or
 * a port is in use.
 */
export async function startFunctions(
  application: Application,
  options: FunctionsOptions,
): Promise<LocalLambda> {
  const { watch = false, inspect, maxEnvironments, onReport = () => {} } = options;
  if (inspect !== undefined && maxEnvironments !== undefined) {
    throw new Error("With inspect a function has one environment: leave maxEnvironments out.");
  }
  const directory = await makeTemporaryFolder();
  const reaper = new Reaper();
  const functions = new Map<string, StartedFunction>();
  const credentials = new Map<string, Credentials>();
  const close = async () => {
    await Promise.all(Array.from(functions.values(), (fn) => fn.close()));
    reaper.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await using _esbuild = holdEsbuild();
    const runtime = await buildRuntime(directory);
    for (const [functionId, definition] of application.functions) {
      const own = createCredentials();
      credentials.set(functionId, own);
      const started = await startFunction(definition, {
        ...options,
        runtime,
        reaper,
        directory,
        credentials: own,
        localHosts: localHosts(application.api.apiId, options),
        watch,
        inspectPort: await inspectPort(inspect, functions.size, functionId),
        onReport,
      });
      functions.set(functionId, started);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    function: (functionId) => find(functions, functionId),
    credentials: (functionId) => find(credentials, functionId),
    close,
  };
}

function find<Value>(values: ReadonlyMap<string, Value>, functionId: string): Value {
  const value = values.get(functionId);
  if (value === undefined) {
    throw new Error(`The template has no function ${functionId}`);
  }
  return value;
}

/** A function that can be invoked until it is closed. */
interface StartedFunction extends LambdaFunction {
  /** Ends every environment, whatever runs in it. Twice is no error. */
  close(): Promise<void>;
}

/** Builds one function and makes it ready to be invoked. Throws with file and line when it does not build. */
async function startFunction(
  definition: FunctionDefinition,
  options: FunctionOptions,
): Promise<StartedFunction> {
  const { logicalId } = definition;
  const { directory, inspectPort, maxEnvironments, onReport } = options;
  const inspectable = inspectPort !== undefined;
  const builder = await openBuilder(definition, { directory, inspectable });
  const builtAt = Date.now();
  let live: FunctionBuild;
  try {
    live = await builder.build();
  } catch (error) {
    await builder.close();
    throw error;
  }
  const home = join(directory, `${logicalId}.home`);
  await mkdir(home);
  const constants = { home, logStreamName: createLogStreamName() };
  const environmentOf = (build: FunctionBuild) =>
    functionEnvironment(build.definition, options, constants);
  const { reservedConcurrency } = definition;
  const pool = new EnvironmentPool(environmentOf(live), {
    maxEnvironments,
    // With a debugger events wait for the one environment, but none runs where none may.
    reservedConcurrency: inspectable && reservedConcurrency !== 0 ? undefined : reservedConcurrency,
    single: inspectable,
  });
  if (!options.watch) {
    await builder.close();
    if (inspectable) {
      // A debugger attaches before the first event.
      await pool.prepare();
    }
    return pool;
  }
  const reload = new FunctionReload(live, builtAt, {
    functionId: logicalId,
    builder,
    pool,
    environmentOf,
    report: onReport,
  });
  const loaded = reload.loadFirst();
  if (inspectable) {
    await loaded;
  }
  return {
    invoke: (event, invocation) => pool.invoke(event, invocation),
    async close() {
      await Promise.all([reload.close(), pool.close(), loaded]);
    },
  };
}

function createLogStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
}

/** What one function needs besides its definition. */
interface FunctionOptions {
  readonly region: string;
  /** The base URL of the management API, stage included. */
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly localHosts: LocalHosts;
  readonly credentials: Credentials;
  /** The path of the built program of an execution environment. */
  readonly runtime: string;
  /** Where the function is built to: an absolute path without symbolic links. */
  readonly directory: string;
  readonly reaper: Pick<Reaper, "add" | "remove">;
  /** Reload the function when its sources change. */
  readonly watch: boolean;
  /** The port on 127.0.0.1 where a debugger may attach to the one environment that the function then has. */
  readonly inspectPort?: number | undefined;
  /** See PoolOptions. */
  readonly maxEnvironments?: number | undefined;
  readonly onLogLine: (functionId: string, line: string) => void;
  readonly onReport: (report: FunctionReport) => void;
}

/**
 * How long Lambda lets a function load before the first event, in milliseconds. Then it tries again within the event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INIT_TIMEOUT = 10_000;

/** What stays the same for all environments of a function, whatever its code. */
interface EnvironmentConstants {
  /** A folder of its own for the function. */
  readonly home: string;
  /** On Lambda each environment has one of its own; here the lines of all go to the same place anyway. */
  readonly logStreamName: string;
}

/** How an environment runs a function, which is given as it is deployed. */
function functionEnvironment(
  definition: FunctionDefinition,
  options: FunctionOptions,
  { home, logStreamName }: EnvironmentConstants,
): EnvironmentDefinition {
  const { logicalId, functionName, memorySize, logFormat } = definition;
  const { region, inspectPort, onReport } = options;
  const logGroupName = definition.logGroupName ?? `/aws/lambda/${functionName}`;
  const timeout = definition.timeout * 1000;
  return {
    runtime: options.runtime,
    load: {
      type: "load",
      root: definition.codePath,
      handler: definition.handler,
      runtime: definition.runtime,
      sdk: import.meta.filename,
      localHosts: options.localHosts,
      logFormat,
      logLevel: definition.logLevel ?? (logFormat === "JSON" ? "INFO" : "TRACE"),
      context: {
        functionName,
        functionVersion: "$LATEST",
        invokedFunctionArn: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${functionName}`,
        memoryLimitInMB: String(memorySize),
        logGroupName,
        logStreamName,
      },
      ...(inspectPort !== undefined && { inspectPort }),
    },
    variables: functionVariables(definition, { ...options, home, logGroupName, logStreamName }),
    memorySize,
    initTimeout: Math.max(INIT_TIMEOUT, timeout),
    timeout,
    reaper: options.reaper,
    onLogLine: (line) => options.onLogLine(logicalId, line),
    onLateCall: (call) => onReport({ kind: "late call", functionId: logicalId, ...call }),
    onInspected: (url) => onReport({ kind: "inspected", functionId: logicalId, url }),
  };
}

/** The functions of a template, running on this machine. */
export interface LocalLambda {
  /** The function with this logical id. Throws when the template has none, or when it is not one that runs here. */
  function(functionId: string): LambdaFunction;
  /** What the function signs its requests with. Throws like `function`. */
  credentials(functionId: string): Credentials;
  /** Ends every execution environment, whatever runs in it, and removes what was built. Twice is no error. */
  close(): Promise<void>;
}

const ADVICE =
  "Choose another first port with --inspect=PORT; --inspect=0 takes any that are free.";

/**
 * The port on which a debugger may attach to the function at `index`, counted from 0: each function after the first has
 * the next port, and with `inspect` 0 any free one. Undefined when nobody inspects.
 *
 * Throws with two sentences when the port is in use.
 */
async function inspectPort(
  inspect: number | undefined,
  index: number,
  functionId: string,
): Promise<number | undefined> {
  if (inspect === undefined) {
    return;
  }
  const port = inspect === 0 ? 0 : inspect + index;
  try {
    return await freePort(port);
  } catch (cause) {
    const what = `The debugger of ${functionId}`;
    throw new ListenError({ what, host: "127.0.0.1", port, advice: ADVICE }, cause);
  }
}

/** `port` when it is free on 127.0.0.1, or any free one when it is 0. Throws when it is in use. */
async function freePort(port: number): Promise<number> {
  const server = createServer();
  const listening = once(server, "listening");
  server.listen(port, "127.0.0.1");
  await listening;
  const { port: found } = server.address() as AddressInfo;
  const closed = once(server, "close");
  server.close();
  await closed;
  return found;
}
