import type { FunctionDefinition } from "../template/functions.ts";
import { ACCOUNT_ID } from "../template/stack.ts";
import type { ChildProcessCleanup } from "./child-processes.ts";
import type { BackgroundCall } from "./function-report.ts";
import type { LoadMessage } from "./runtime/messages.ts";
import { type FunctionSurroundings, functionVariables, logGroupNameOf } from "./variables.ts";

/** A program that speaks Lambda's Runtime API, with its arguments. */
export interface RuntimeProgram {
  /** An absolute path. */
  readonly file: string;
  readonly args: readonly string[];
}

/** A function as one execution environment runs it. */
export interface EnvironmentDefinition {
  /** The path of the built program that runs a Node.js function. */
  readonly runtime: string;
  /** What runs a function of another language, in place of `runtime`. */
  readonly program?: RuntimeProgram | undefined;
  readonly load: LoadMessage;
  /** Every environment variable that the process has. */
  readonly variables: Readonly<Record<string, string>>;
  /** In megabytes. */
  readonly memorySize: number;
  /** How long the handler may take to load, in milliseconds. */
  readonly initTimeout: number;
  /** How long one event may take, in milliseconds. */
  readonly timeout: number;
  /** Ends the process when the gateway is killed. */
  readonly cleanup?: Pick<ChildProcessCleanup, "add" | "remove">;
  /** Takes a line of the log, with the id of the invocation that it belongs to. */
  readonly onLogLine: (line: string, requestId?: string) => void;
  readonly onBackgroundCall?: (call: BackgroundCall) => void;
  /** Receives the URL where a debugger can attach, when the LoadMessage has an `inspectPort`. Then nothing times out. */
  readonly onInspected?: (url: string) => void;
}

/** The part of an EnvironmentDefinition that does not depend on the code of the function. */
type ProcessSettings = Pick<
  EnvironmentDefinition,
  "runtime" | "program" | "cleanup" | "onLogLine" | "onBackgroundCall" | "onInspected"
>;

/**
 * How long Lambda lets a function load before the first event, in milliseconds. Then it tries again within the event.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INIT_TIMEOUT = 10_000;

/**
 * How an environment runs a function, which is given as it is deployed.
 *
 * @param inspectPort the port on 127.0.0.1 where a debugger may attach
 */
export function defineEnvironment(
  definition: FunctionDefinition,
  surroundings: FunctionSurroundings,
  settings: ProcessSettings,
  inspectPort: number | undefined,
): EnvironmentDefinition {
  const { functionName, memorySize, logFormat } = definition;
  const { region, localHosts, logStreamName, sourcePath, layers } = surroundings;
  const timeout = definition.timeout * 1000;
  return {
    ...settings,
    load: {
      type: "load",
      root: definition.codePath,
      handler: definition.handler,
      runtime: definition.runtime,
      sdk: [sourcePath, import.meta.filename],
      ...(layers !== undefined && { layers }),
      localHosts,
      logFormat,
      logLevel: definition.logLevel ?? (logFormat === "JSON" ? "INFO" : "TRACE"),
      context: {
        functionName,
        functionVersion: "$LATEST",
        invokedFunctionArn: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${functionName}`,
        memoryLimitInMB: String(memorySize),
        logGroupName: logGroupNameOf(definition),
        logStreamName,
      },
      ...(inspectPort !== undefined && { inspectPort }),
    },
    variables: functionVariables(definition, surroundings),
    memorySize,
    initTimeout: Math.max(INIT_TIMEOUT, timeout),
    timeout,
  };
}
