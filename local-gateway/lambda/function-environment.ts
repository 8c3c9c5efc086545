import { ACCOUNT_ID } from "../template/account-id.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import type { EnvironmentDefinition } from "./environment-definition.ts";
import type { FunctionOptions } from "./function-options.ts";
import { functionVariables } from "./function-variables.ts";

/**
 * How long Lambda lets a function load before the first event, in milliseconds. Then it tries again within the event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INIT_TIMEOUT = 10_000;

/** What stays the same for all environments of a function, whatever its code. */
export interface EnvironmentConstants {
  /** A folder of its own for the function. */
  readonly home: string;
  /** On Lambda each environment has one of its own; here the lines of all go to the same place anyway. */
  readonly logStreamName: string;
}

/** How an environment runs a function, which is given as it is deployed. */
export function functionEnvironment(
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
