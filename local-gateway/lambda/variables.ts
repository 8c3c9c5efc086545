import { randomBytes } from "node:crypto";
import { delimiter, dirname } from "node:path";
import type { Application } from "../template/application.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import { runtimeFamilyOf } from "../template/runtime.ts";
import type { StagedApi, WebSocketApi } from "../template/web-socket-api.ts";

/** What surrounds a function on this machine. */
export interface FunctionSurroundings {
  readonly region: string;
  readonly credentials: Credentials;
  /** The base URL of the management API of the function's own API, stage included. */
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly localHosts: LocalHosts;
  /** A folder of its own for this function. */
  readonly home: string;
  readonly logStreamName: string;
  /** Where the code is before it is built or unpacked: what is installed there counts as the runtime's SDK. */
  readonly sourcePath: string;
  /** The folder with what Lambda has in `/opt`; undefined for a function without layers. */
  readonly layers: string | undefined;
}

/** The folder of Lambda's runtime. */
const RUNTIME_DIRECTORY = "/var/runtime";

/**
 * The environment variables of a function: those of the template, those of Lambda, and the endpoints of this machine in
 * place of AWS's. The developer's own environment stays out.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionVariables(
  definition: FunctionDefinition,
  surroundings: FunctionSurroundings,
): Record<string, string> {
  const { region, credentials, layers } = surroundings;
  const family = runtimeFamilyOf(definition.runtime);
  const variables = localVariables(definition.environment, surroundings.localHosts);
  return {
    // A function may choose these itself. Lambda writes the zone as ":UTC", which not every system reads.
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    ...(family === "nodejs" && { NODE_PATH: nodePath(definition, layers) }),
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    // X-Ray's own port. On Lambda it is on a link-local address, which on this machine may lead elsewhere.
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
    ...variables,
    _HANDLER: definition.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Not set for a function that brings its own runtime.
    ...(family !== "provided" && { AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: definition.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: definition.logFormat,
    ...(family !== "nodejs" &&
      definition.logFormat === "JSON" && { AWS_LAMBDA_LOG_LEVEL: definition.logLevel ?? "INFO" }),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupNameOf(definition),
    AWS_LAMBDA_LOG_STREAM_NAME: surroundings.logStreamName,
    // The Runtime API, which an environment of its own replaces. Node.js functions do without one: the port is closed.
    AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_RUNTIME_DIR: RUNTIME_DIRECTORY,
    LAMBDA_TASK_ROOT: definition.codePath,
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin${layers === undefined ? "" : `:${layers}/bin`}`,
    ...(layers !== undefined && { LD_LIBRARY_PATH: `${layers}/lib` }),
    HOME: surroundings.home,
    [MANAGEMENT_ENDPOINT]: ownEndpoint(definition, variables) ?? surroundings.managementUrl,
    AWS_ENDPOINT_URL_DYNAMODB: surroundings.dynamodbUrl,
    AWS_ENDPOINT_URL_LAMBDA: new URL(surroundings.managementUrl).origin,
  };
}

const MANAGEMENT_ENDPOINT = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI";

/** The endpoint that the template itself gives, when it is here: with several APIs it says which one is meant. */
function ownEndpoint(
  { environment }: FunctionDefinition,
  variables: Readonly<Record<string, string>>,
): string | undefined {
  const own = variables[MANAGEMENT_ENDPOINT];
  return own === environment[MANAGEMENT_ENDPOINT] ? undefined : own;
}

/** The log group that the template names, or Lambda's own choice. */
export function logGroupNameOf({ logGroupName, functionName }: FunctionDefinition): string {
  return logGroupName ?? `/aws/lambda/${functionName}`;
}

/** Where `require` looks for packages: in the layers, in the runtime, and from the function's own folder on. */
function nodePath({ runtime, codePath }: FunctionDefinition, layers = "/opt"): string {
  return [
    `${layers}/nodejs/node${nodeVersionOf(runtime)}/node_modules`,
    `${layers}/nodejs/node_modules`,
    `${RUNTIME_DIRECTORY}/node_modules`,
    RUNTIME_DIRECTORY,
    codePath,
  ].join(delimiter);
}

/** The major version of Node.js in the name of a runtime, for example 24 of `nodejs24.x`. */
export function nodeVersionOf(runtime: string): number {
  return Number.parseInt(runtime.replace("nodejs", ""), 10);
}

const URL_OF_AWS = /^(?<scheme>https|wss):\/\/(?<host>[^/?#:]+)(?::443)?(?<rest>[/?#].*)?$/is;

/**
 * The environment variables of a function on this machine: a value that is the https or wss URL of one of `hosts`
 * becomes the http or ws URL of its local origin, with the same path. Every other value stays as it is on AWS.
 */
function localVariables(
  variables: Readonly<Record<string, string>>,
  hosts: LocalHosts,
): Record<string, string> {
  const local = Object.entries(variables).map(([name, value]) => [name, localUrl(value, hosts)]);
  return Object.fromEntries(local);
}

function localUrl(value: string, hosts: LocalHosts): string {
  const { scheme, host, rest = "" } = URL_OF_AWS.exec(value)?.groups ?? {};
  const origin = hosts[host?.toLowerCase() ?? ""];
  if (origin === undefined) {
    return value;
  }
  const isSocket = scheme?.toLowerCase() === "wss";
  return `${isSocket ? origin.replace(/^http/, "ws") : origin}${rest}`;
}

/** The hosts of AWS that this machine replaces: by name, the local origin to which requests go instead. */
export type LocalHosts = Readonly<Record<string, string>>;

/** Where the APIs and the database are. */
interface LocalUrls {
  readonly region: string;
  /** The base URL of an API's management API, stage included; Lambda's own API is at the same origin. */
  readonly managementUrl: (api: WebSocketApi) => string;
  readonly dynamodbUrl: string;
}

/**
 * The hosts that AWS has for the API with this id, for Lambda and for DynamoDB. Requests may arrive here with them,
 * because a signature covers the host.
 */
export function awsHosts(apiId: string, region: string) {
  return {
    api: `${apiId}.execute-api.${region}.amazonaws.com`,
    lambda: `lambda.${region}.amazonaws.com`,
    dynamodb: `dynamodb.${region}.amazonaws.com`,
  };
}

/**
 * Leads the APIs' hosts on AWS, which events have as their `domainName`, and those of Lambda and DynamoDB to this machine.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ddb.html
 * @see https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
 */
export function localHosts(
  apis: Application["apis"],
  { region, managementUrl, dynamodbUrl }: LocalUrls,
): LocalHosts {
  const originOf = ({ stages }: StagedApi) => new URL(managementUrl(stages[0])).origin;
  const [first] = apis;
  const { lambda, dynamodb } = awsHosts(first.apiId, region);
  return {
    ...Object.fromEntries(apis.map((api) => [awsHosts(api.apiId, region).api, originOf(api)])),
    [lambda]: originOf(first),
    [dynamodb]: new URL(dynamodbUrl).origin,
  };
}

/** Temporary credentials of the kind that Lambda gives the execution role of a function. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Access key ids are written in base 32. */
const ACCESS_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Makes random credentials. They have the form of AWS's temporary ones: an access key id of 20
 * characters that begins with ASIA, a secret of 40.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function createCredentials(): Credentials {
  let accessKeyId = "ASIA";
  for (const byte of randomBytes(16)) {
    accessKeyId += ACCESS_KEY_ALPHABET[byte % ACCESS_KEY_ALPHABET.length];
  }
  return {
    accessKeyId,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(96).toString("base64"),
  };
}
