import { dirname } from "node:path";
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
    // A function may choose these two itself. Lambda writes the zone as ":UTC", which not every system reads.
    LANG: "en_US.UTF-8",
    TZ: "UTC",
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
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: definition.codePath,
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: surroundings.home,
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: surroundings.managementUrl,
    AWS_ENDPOINT_URL_DYNAMODB: surroundings.dynamodbUrl,
    AWS_ENDPOINT_URL_LAMBDA: new URL(surroundings.managementUrl).origin,
  };
}
