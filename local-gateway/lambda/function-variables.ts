import { delimiter, dirname } from "node:path";
import type { FunctionDefinition } from "../template/function-definition.ts";
import type { Credentials } from "./credentials.ts";
import type { LocalHosts } from "./local-hosts.ts";
import { localVariables } from "./local-variables.ts";

/** What surrounds a function on this machine. */
export interface FunctionSurroundings {
  readonly region: string;
  readonly credentials: Credentials;
  /** The base URL of the management API, stage included. */
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly localHosts: LocalHosts;
  /** A folder of its own for this function. */
  readonly home: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** Where Lambda's runtime lies. */
const RUNTIME_DIRECTORY = "/var/runtime";

/**
 * The environment variables of a function: those of the template, those of Lambda, and the endpoints of this machine in
 * place of AWS's. Nothing of the developer's own environment.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionVariables(
  definition: FunctionDefinition,
  surroundings: FunctionSurroundings,
): Record<string, string> {
  const { region, credentials } = surroundings;
  return {
    // A function may choose these itself. Lambda writes the zone as ":UTC", which not every system reads.
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    NODE_PATH: nodePath(definition),
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    // X-Ray's own port. On Lambda it is on a link-local address, which on this machine may lead elsewhere.
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
    ...localVariables(definition.environment, surroundings.localHosts),
    _HANDLER: definition.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: definition.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: surroundings.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: surroundings.logStreamName,
    // The runtime's API, which is for Lambda's runtimes and extensions. There is none here: nobody listens on this port.
    AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_RUNTIME_DIR: RUNTIME_DIRECTORY,
    LAMBDA_TASK_ROOT: definition.codePath,
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: surroundings.home,
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: surroundings.managementUrl,
    AWS_ENDPOINT_URL_DYNAMODB: surroundings.dynamodbUrl,
    AWS_ENDPOINT_URL_LAMBDA: new URL(surroundings.managementUrl).origin,
  };
}

/** Where `require` looks for packages: in the layers, in the runtime, and from the function's own folder on. */
function nodePath({ runtime, codePath }: FunctionDefinition): string {
  const version = Number.parseInt(runtime.replace("nodejs", ""), 10);
  return [
    `/opt/nodejs/node${version}/node_modules`,
    "/opt/nodejs/node_modules",
    `${RUNTIME_DIRECTORY}/node_modules`,
    RUNTIME_DIRECTORY,
    codePath,
  ].join(delimiter);
}
