import { rm } from "node:fs/promises";
import type { Application } from "../template/application.ts";
import { buildRuntime } from "./build-runtime.ts";
import { createCredentials } from "./create-credentials.ts";
import type { Credentials } from "./credentials.ts";
import type { FunctionReport } from "./function-report.ts";
import { holdEsbuild } from "./hold-esbuild.ts";
import { inspectPort } from "./inspect-port.ts";
import { localHosts } from "./local-hosts.ts";
import type { LocalLambda } from "./local-lambda.ts";
import { Reaper } from "./reaper.ts";
import { type StartedFunction, startFunction } from "./start-function.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

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
