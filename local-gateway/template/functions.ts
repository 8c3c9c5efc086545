import { dirname } from "node:path";
import { type CodeSource, readCode } from "./code.ts";
import type { EnvVars } from "./env-vars.ts";
import { attempt, type TemplateError, type TemplatePlace } from "./error.ts";
import { type EventInvokeConfig, readEventInvokeConfig } from "./event-invoke-config.ts";
import type { PolicyStatement } from "./known-policies.ts";
import { type LayerDefinition, readLayers } from "./layers.ts";
import { type ExecutionRole, readExecutionRole } from "./policies.ts";
import { PropertyReader } from "./reader.ts";
import { resourceName } from "./references.ts";
import { existingResources } from "./resources.ts";
import { type RuntimeFamily, runtimeFamilyOf } from "./runtime.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { FunctionVariables } from "./variables.ts";

/** One Lambda function of a template. */
export interface FunctionDefinition extends CodeSource {
  readonly logicalId: string;
  /** The name a deployed function would have, or the template's FunctionName. */
  readonly functionName: string;
  /** The alias that SAM publishes; absent when it publishes none. */
  readonly alias?: string;
  /** `file.export`, relative to the deployed code. */
  readonly handler: string;
  /** For example `nodejs24.x`. */
  readonly runtime: string;
  /** Where the template names the runtime; absent when no template does. */
  readonly runtimePlace?: TemplatePlace;
  /** The time that one invocation may take, in seconds. */
  readonly timeout: number;
  /** In megabytes. */
  readonly memorySize: number;
  /** How many events may run at once; 0 means none. Absent when nothing is reserved. */
  readonly reservedConcurrency?: number;
  /** How its asynchronous invocations are tried; as Lambda does without any configuration when absent. */
  readonly eventInvokeConfig?: EventInvokeConfig;
  /** Those of its layers that are in the template, the first first; absent without any. */
  readonly layers?: readonly LayerDefinition[];
  /**
   * The environment variables of the template, resolved as they would be on AWS, with placeholders for what does not exist
   * here.
   */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFormat: "JSON" | "Text";
  /** Console calls below this level write nothing. INFO when absent, for JSON; everything is written as Text. */
  readonly logLevel?: LogLevel;
  /** The log group that LoggingConfig names; Lambda's own choice when absent. */
  readonly logGroupName?: string;
  /** What the function may do, and must not do; other services than API Gateway, DynamoDB and Lambda may be left out. */
  readonly policies: readonly PolicyStatement[];
  /** The role that the property Role names; absent when SAM makes one from the function's policies. */
  readonly role?: ExecutionRole;
}

/**
 * How important a log line is, the least first: TRACE, DEBUG, INFO, WARN, ERROR, FATAL.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";

/** The functions of a template. */
interface TemplateFunctions {
  /** Those that can run here, by logical id. */
  readonly definitions: ReadonlyMap<string, FunctionDefinition>;
  /** Why the others cannot, by logical id. It matters only to an API that needs them. */
  readonly problems: ReadonlyMap<string, TemplateError>;
  /** The logical ids of all of them, by ARN; also by the ARN of the alias that SAM publishes. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Reads the functions, of SAM and of CloudFormation. Never throws a TemplateError: a template may have functions that
 * belong to an HTTP API or a queue and need what only AWS has, and nothing here invokes them.
 */
export function readFunctions(scope: Scope, envVars?: EnvVars): TemplateFunctions {
  const variables = new FunctionVariables(scope, envVars);
  const definitions = new Map<string, FunctionDefinition>();
  const problems = new Map<string, TemplateError>();
  const ids = new Map<string, string>();
  const resources = ["AWS::Serverless::Function", "AWS::Lambda::Function"].flatMap((type) =>
    existingResources(scope, type),
  );
  for (const resource of resources) {
    const { logicalId } = resource;
    const read = attempt(() => {
      for (const arn of arnsOf(scope, resource)) {
        ids.set(arn, logicalId);
      }
      definitions.set(logicalId, readFunction(scope, resource, variables));
    });
    if (!read.ok) {
      problems.set(logicalId, read.error);
    }
  }
  variables.warn((functionId) => definitions.has(functionId));
  return { definitions, problems, ids };
}

function arnOf(scope: Scope, { logicalId }: TemplateResource): string {
  return scope.attribute(logicalId, "Arn", ["Resources", logicalId]);
}

function arnsOf(scope: Scope, resource: TemplateResource): string[] {
  const arn = arnOf(scope, resource);
  const alias = PropertyReader.of(scope, resource).string("AutoPublishAlias");
  return alias === undefined ? [arn] : [arn, `${arn}:${alias}`];
}

/** The defaults of SAM and Lambda, in seconds and megabytes. */
const DEFAULT_TIMEOUT = 3;
const DEFAULT_MEMORY_SIZE = 128;

const LOG_LEVELS: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * Reads an `AWS::Serverless::Function` or `AWS::Lambda::Function`. Of one whose language does not run here, the code does not
 * matter.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
function readFunction(
  scope: Scope,
  resource: TemplateResource,
  variables: FunctionVariables,
): FunctionDefinition {
  const { logicalId } = resource;
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  if (properties.string("PackageType") === "Image") {
    properties.unsupported("PackageType", "a container image is not supported, only Zip is");
  }
  const runtime = properties.requiredString("Runtime");
  const family = runtimeFamilyOf(runtime);
  const runsHere = family !== "other";
  const code = runsHere ? readCode(scope, resource) : { codePath: dirname(scope.template.file) };
  const layers = runsHere ? readLayers(scope, resource) : [];
  const logging = properties.map("LoggingConfig");
  const logLevel = LOG_LEVELS.find((level) => level === logging.string("ApplicationLogLevel"));
  const { value: logGroupName } = scope.withPlaceholders(() => logging.string("LogGroup"));
  const functionName = resourceName(scope, resource);
  const alias = properties.string("AutoPublishAlias");
  const reservedConcurrency = readReservedConcurrency(properties);
  return {
    logicalId,
    functionName,
    ...(alias && { alias }),
    handler: readHandler(properties, code, family),
    runtime,
    runtimePlace: scope.template.place(properties.path("Runtime")),
    timeout: properties.number("Timeout") ?? DEFAULT_TIMEOUT,
    memorySize: properties.number("MemorySize") ?? DEFAULT_MEMORY_SIZE,
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    ...code,
    eventInvokeConfig: readEventInvokeConfig(scope, resource, arnOf(scope, resource)),
    ...(layers.length > 0 && { layers }),
    environment: variables.read(resource, functionName),
    logFormat: logging.string("LogFormat") === "JSON" ? "JSON" : "Text",
    ...(logLevel && { logLevel }),
    ...(logGroupName && { logGroupName }),
    ...readExecutionRole(scope, resource),
  };
}

/** A program of the function's own may do without it. */
function readHandler(
  properties: PropertyReader,
  { inlineCode }: CodeSource,
  family: RuntimeFamily,
): string {
  if (family === "provided") {
    return properties.string("Handler") ?? "bootstrap";
  }
  const handler = properties.requiredString("Handler");
  return inlineCode === undefined || handler.startsWith("index.")
    ? handler
    : properties.fail("Handler", "must begin with index., the file of code in the template");
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
function readReservedConcurrency(properties: PropertyReader): number | undefined {
  const name = "ReservedConcurrentExecutions";
  const reserved = properties.number(name);
  return reserved === undefined || (Number.isInteger(reserved) && reserved >= 0)
    ? reserved
    : properties.fail(name, `must be a whole number of at least 0, not ${reserved}`);
}
