import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Application } from "../template/application.ts";
import { buildRuntime } from "./build-runtime.ts";
import { createCredentials } from "./create-credentials.ts";
import type { Credentials } from "./credentials.ts";
import type { EnvironmentPool } from "./environment-pool.ts";
import type { LocalLambda } from "./local-lambda.ts";
import { startFunction } from "./start-function.ts";

/** What the functions find around them. */
export interface FunctionsOptions {
  readonly region: string;
  /** The base URL of the management API, for example `http://127.0.0.1:3300/dev`. */
  readonly managementUrl: string;
  /** The URL of DynamoDB, for example `http://127.0.0.1:3301`. */
  readonly dynamodbUrl: string;
  /** Takes what a function writes: the text of one console call, or one line of its standard output or error. */
  readonly onLogLine: (functionId: string, line: string) => void;
}

/**
 * Builds the functions of a template and makes them ready to be invoked. Their processes start with the first events.
 *
 * Throws with file and line when a function does not build.
 */
export async function startFunctions(
  application: Application,
  options: FunctionsOptions,
): Promise<LocalLambda> {
  const directory = await mkdtemp(join(tmpdir(), "local-gateway-"));
  const pools = new Map<string, EnvironmentPool>();
  const credentials = new Map<string, Credentials>();
  const close = async () => {
    await Promise.all(Array.from(pools.values(), (pool) => pool.close()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const runtime = await buildRuntime(directory);
    for (const [functionId, definition] of application.functions) {
      const own = createCredentials();
      credentials.set(functionId, own);
      pools.set(
        functionId,
        await startFunction(definition, { ...options, runtime, directory, credentials: own }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    function: (functionId) => find(pools, functionId),
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
