import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { LocalGatewayError } from "../errors.ts";
import { listenFailure } from "../http.ts";
import { type Application, apiOf } from "../template/application.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { runtimeFamilyOf } from "../template/runtime.ts";
import type { WebSocketApi } from "../template/web-socket-api.ts";
import { buildRuntime } from "./build.ts";
import { ChildProcessCleanup } from "./child-processes.ts";
import { defineEnvironment, type EnvironmentDefinition } from "./environment-definition.ts";
import { retainEsbuild } from "./esbuild.ts";
import type { BackgroundCall, FunctionReport } from "./function-report.ts";
import type { LambdaFunction } from "./invocation.ts";
import { LayerFolders } from "./layers.ts";
import { EnvironmentPool, type PoolOptions } from "./pool.ts";
import { type FunctionBuild, type FunctionBuilder, openBuilder } from "./reload/builder.ts";
import { FunctionReload } from "./reload/reload.ts";
import { ProgramFinder } from "./runtime-api/programs.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { type Credentials, createCredentials, localHosts } from "./variables.ts";

/** What the functions find around them. */
export interface FunctionsOptions {
  readonly region: string;
  /** The base URL of the management API of an API at its stage, for example `http://127.0.0.1:3300/dev`. */
  readonly managementUrl: (api: WebSocketApi) => string;
  /** The URL of DynamoDB, for example `http://127.0.0.1:3301`. */
  readonly dynamodbUrl: string;
  /** Takes what a function writes: the text of one console call, or one line of its standard output or error. */
  readonly onLogLine: (functionId: string, line: string) => void;
  /** Takes what else a developer should know about a function: reloads, debuggers, calls that outlive their event. */
  readonly onReport?: ((report: FunctionReport) => void) | undefined;
  /**
   * Reload a function when its sources change: the files that esbuild built it from, or everything below its CodeUri;
   * installed packages are not watched. False when absent.
   */
  readonly watch?: boolean | undefined;
  /**
   * The port on 127.0.0.1 where a debugger may attach to the first Node.js function; the next one has the next port. With
   * 0 each has any free one. Each of them then has one environment, in which nothing times out, and names and source
   * maps are built in. No debugger can attach when absent.
   */
  readonly inspect?: number | undefined;
  /**
   * Each function's reserved concurrency: further events at a time get Lambda's rejection. Without it a function has up
   * to 100 environments, and events wait. Not together with `inspect`.
   */
  readonly maxEnvironments?: number | undefined;
  /** Ends what make builds when it is aborted; the start then fails. */
  readonly signal?: AbortSignal | undefined;
}

/** The functions of a template, running on this machine. */
export interface LocalLambda {
  /** The function with this logical id. Throws when the template has none, or when it is not one that runs here. */
  function(functionId: string): LambdaFunction;
  /** What the function signs its requests with. Throws like `function`. */
  credentials(functionId: string): Credentials;
  /** Ends every execution environment, whatever runs in it, and removes what was built. Calling it twice is safe. */
  close(): Promise<void>;
}

/**
 * Builds the functions of a template and makes them ready to be invoked. Their processes start with the first events.
 *
 * Throws a LocalGatewayError: BUILD_FAILED with file and line when a function does not build, INVALID_OPTION when
 * options contradict each other, PORT_IN_USE or LISTEN_FAILED when a debugger's port cannot be used.
 */
export async function startFunctions(
  application: Application,
  options: FunctionsOptions,
): Promise<LocalLambda> {
  const { region, managementUrl, dynamodbUrl, inspect, maxEnvironments } = options;
  const { onLogLine, onReport = () => {} } = options;
  if (inspect !== undefined && maxEnvironments !== undefined) {
    const problem = "With inspect a function has one environment: leave maxEnvironments out.";
    throw new LocalGatewayError("INVALID_OPTION", problem);
  }
  const directory = await makeTemporaryFolder();
  const cleanup = new ChildProcessCleanup();
  const closing = new AbortController();
  const lifetime = {
    cleanup,
    signal: AbortSignal.any([closing.signal, ...(options.signal ? [options.signal] : [])]),
  };
  const functions = new Map<string, StartedFunction>();
  const credentials = new Map<string, Credentials>();
  const close = async () => {
    closing.abort();
    await Promise.all(Array.from(functions.values(), (fn) => fn.close()));
    cleanup.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await using _esbuild = retainEsbuild();
    const runtime = await buildRuntime(directory);
    const urls = { region, managementUrl, dynamodbUrl };
    const hosts = localHosts(application.apis, urls);
    const programs = new ProgramFinder({ localHosts: hosts, onReport });
    let inspected = 0;
    const layers = new LayerFolders(directory, lifetime, (functionId) =>
      onReport({ kind: "unbuilt", functionId }),
    );
    for (const [functionId, definition] of application.functions) {
      const own = createCredentials();
      credentials.set(functionId, own);
      const found = await programs.find(definition);
      if (!found.ok) {
        functions.set(functionId, unrunnableFunction(found.problem));
        continue;
      }
      const inspectable = inspect !== undefined && runtimeFamilyOf(definition.runtime) === "nodejs";
      const port = inspectable ? await inspectPort(inspect, inspected, functionId) : undefined;
      inspected += inspectable ? 1 : 0;
      const home = join(directory, `${functionId}.home`);
      await mkdir(home);
      // On Lambda each environment has a log stream of its own; here the lines of all go to the same place anyway.
      const logStreamName = createLogStreamName();
      const surroundings = {
        region,
        managementUrl: managementUrl(apiOf(application, functionId)),
        dynamodbUrl,
        localHosts: hosts,
        credentials: own,
        home,
        logStreamName,
        sourcePath: definition.codePath,
        layers: await layers.folderOf(definition.layers ?? []),
      };
      const settings = {
        runtime,
        cleanup,
        onLogLine: (line: string) => onLogLine(functionId, line),
        onBackgroundCall: (call: BackgroundCall) =>
          onReport({ kind: "background call", functionId, ...call }),
        onInspected: (url: string) => onReport({ kind: "inspected", functionId, url }),
      };
      const started = await startFunction(
        await openBuilder(definition, directory, inspectable, lifetime, () =>
          onReport({ kind: "unbuilt", functionId }),
        ),
        (deployed) => {
          const program = found.programOf(deployed, surroundings.layers);
          return defineEnvironment(deployed, surroundings, { ...settings, program }, port);
        },
        poolOptions(definition, maxEnvironments, inspectable),
        options.watch ? onReport : undefined,
      );
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

function poolOptions(
  { reservedConcurrency }: FunctionDefinition,
  maxEnvironments: number | undefined,
  inspectable: boolean,
): PoolOptions {
  return {
    maxEnvironments,
    // With a debugger events wait for the one environment, but with a reserved concurrency of 0 no event runs at all.
    reservedConcurrency: inspectable && reservedConcurrency !== 0 ? undefined : reservedConcurrency,
    single: inspectable,
  };
}

/** A function whose events all fail, as on Lambda when its runtime cannot be started. */
function unrunnableFunction(errorMessage: string): StartedFunction {
  const errorType = "Runtime.InvalidEntrypoint";
  return {
    invoke: async () => ({ outcome: "failed", errorType, errorMessage }),
    close: async () => {},
  };
}

function createLogStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
}

/** A function that can be invoked as long as it is not closed. */
interface StartedFunction extends LambdaFunction {
  /** Ends every environment, whatever runs in it. Calling it twice is safe. */
  close(): Promise<void>;
}

/**
 * Builds one function and makes it ready to be invoked; with `onReload` it is reloaded when its sources change. Throws a
 * LocalGatewayError with file and line when it does not build.
 */
async function startFunction(
  builder: FunctionBuilder,
  environmentOf: (deployed: FunctionDefinition) => EnvironmentDefinition,
  options: PoolOptions,
  onReload: ((report: FunctionReport) => void) | undefined,
): Promise<StartedFunction> {
  let live: FunctionBuild;
  try {
    live = await builder.build();
  } catch (error) {
    await builder.close();
    throw error;
  }
  const pool = new EnvironmentPool(environmentOf(live.definition), options);
  if (onReload === undefined) {
    await builder.close();
    if (options.single) {
      // A debugger attaches before the first event.
      await pool.prepare();
    }
    return pool;
  }
  const reload = new FunctionReload(live, { builder, pool, environmentOf, report: onReload });
  const loaded = reload.loadFirst();
  if (options.single) {
    await loaded;
  }
  return {
    invoke: (event, invocation) => pool.invoke(event, invocation),
    async close() {
      await Promise.all([reload.close(), pool.close(), loaded]);
    },
  };
}

const ADVICE =
  "Choose another first port with --inspect=PORT; --inspect=0 takes any that are free.";

/**
 * The port on which a debugger may attach to the function at `index`, counted from 0: each function after the first has
 * the next port, and with `inspect` 0 any free one.
 *
 * Throws a LocalGatewayError PORT_IN_USE or LISTEN_FAILED when the port cannot be used.
 */
async function inspectPort(inspect: number, index: number, functionId: string): Promise<number> {
  const port = inspect === 0 ? 0 : inspect + index;
  try {
    return await freePort(port);
  } catch (cause) {
    const what = `The debugger of ${functionId}`;
    throw listenFailure({ what, host: "127.0.0.1", port, advice: ADVICE }, cause);
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
