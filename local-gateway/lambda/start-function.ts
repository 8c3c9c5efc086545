import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNT_ID } from "../template/account-id.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { buildFunction } from "./build-function.ts";
import type { Credentials } from "./credentials.ts";
import { EnvironmentPool } from "./environment-pool.ts";
import { functionVariables } from "./function-variables.ts";
import { linkExternalPackages } from "./link-external-packages.ts";

/**
 * How long Lambda lets a function load before the first event, in milliseconds. Then it tries again within the event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INIT_TIMEOUT = 10_000;

/** What one function needs besides its definition. */
export interface FunctionOptions {
  readonly region: string;
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly credentials: Credentials;
  /** The path of the built program of an execution environment. */
  readonly runtime: string;
  /** Where the function is built to. */
  readonly directory: string;
  readonly onLogLine: (functionId: string, line: string) => void;
}

/** Builds one function and makes it ready to be invoked. Throws with file and line when it does not build. */
export async function startFunction(
  definition: FunctionDefinition,
  options: FunctionOptions,
): Promise<EnvironmentPool> {
  const { logicalId, functionName, memorySize, logFormat } = definition;
  const built = await buildFunction(definition, join(options.directory, logicalId));
  await linkExternalPackages(definition, built.codePath);
  const home = join(options.directory, `${logicalId}.home`);
  await mkdir(home);
  const logGroupName = definition.logGroupName ?? `/aws/lambda/${functionName}`;
  const logStreamName = createLogStreamName();
  const timeout = definition.timeout * 1000;
  return new EnvironmentPool({
    runtime: options.runtime,
    load: {
      type: "load",
      root: built.codePath,
      handler: built.handler,
      runtime: definition.runtime,
      logFormat,
      logLevel: definition.logLevel ?? (logFormat === "JSON" ? "INFO" : "TRACE"),
      context: {
        functionName,
        functionVersion: "$LATEST",
        invokedFunctionArn: `arn:aws:lambda:${options.region}:${ACCOUNT_ID}:function:${functionName}`,
        memoryLimitInMB: String(memorySize),
        logGroupName,
        logStreamName,
      },
    },
    variables: functionVariables(built, { ...options, home, logGroupName, logStreamName }),
    memorySize,
    initTimeout: Math.max(INIT_TIMEOUT, timeout),
    timeout,
    onLogLine: (line) => options.onLogLine(logicalId, line),
  });
}

/** On Lambda each environment has a stream of its own; here the lines of all go to the same place anyway. */
function createLogStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
}
