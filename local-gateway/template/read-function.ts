import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { EsbuildProperties } from "./esbuild-properties.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { LogLevel } from "./log-level.ts";
import { PropertyReader } from "./property-reader.ts";
import { readExecutionRole } from "./read-execution-role.ts";
import { resourceName } from "./resource-name.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/** What SAM and Lambda take when the template says nothing: seconds and megabytes. */
const DEFAULT_TIMEOUT = 3;
const DEFAULT_MEMORY_SIZE = 128;

const LOG_LEVELS: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * Reads an `AWS::Serverless::Function` or `AWS::Lambda::Function`; undefined when its runtime is not Node.js, which cannot run here.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
export function readFunction(
  scope: Scope,
  resource: TemplateResource,
): FunctionDefinition | undefined {
  const { logicalId } = resource;
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  const runtime = properties.text("Runtime") ?? "";
  if (!runtime.startsWith("nodejs")) {
    return undefined;
  }
  if (properties.names.includes("InlineCode")) {
    properties.fail("InlineCode", "only code in a folder runs here");
  }
  const codePath = readCodePath(scope, properties, resource.type);
  const logging = properties.map("LoggingConfig");
  const logLevel = LOG_LEVELS.find((level) => level === logging.text("ApplicationLogLevel"));
  const logGroupName = logging.text("LogGroup");
  const esbuild = readEsbuildProperties(scope, resource);
  const alias = properties.text("AutoPublishAlias");
  const reservedConcurrency = readReservedConcurrency(properties);
  return {
    logicalId,
    functionName: resourceName(scope, resource),
    ...(alias && { alias }),
    handler: properties.requiredText("Handler"),
    runtime,
    timeout: properties.number("Timeout") ?? DEFAULT_TIMEOUT,
    memorySize: properties.number("MemorySize") ?? DEFAULT_MEMORY_SIZE,
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    codePath,
    environment: readVariables(properties.map("Environment").map("Variables")),
    ...(esbuild && { esbuild }),
    logFormat: logging.text("LogFormat") === "JSON" ? "JSON" : "Text",
    ...(logLevel && { logLevel }),
    ...(logGroupName && { logGroupName }),
    ...readExecutionRole(scope, resource),
  };
}

function readCodePath(scope: Scope, properties: PropertyReader, type: string): string {
  const name = type === "AWS::Lambda::Function" ? "Code" : "CodeUri";
  const codeUri = properties.value(name) ?? ".";
  if (typeof codeUri !== "string" || /^(s3|https?):|\.zip$/.test(codeUri)) {
    return properties.fail(name, "must be a folder of this machine");
  }
  const codePath = resolve(dirname(scope.template.file), codeUri);
  return statSync(codePath, { throwIfNoEntry: false })?.isDirectory()
    ? codePath
    : properties.fail(name, `${codePath} is no folder of this machine`);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
function readReservedConcurrency(properties: PropertyReader): number | undefined {
  const name = "ReservedConcurrentExecutions";
  const reserved = properties.number(name);
  return reserved === undefined || (Number.isInteger(reserved) && reserved >= 0)
    ? reserved
    : properties.fail(name, `must be a whole number from 0 on, not ${reserved}`);
}

function readVariables(variables: PropertyReader): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name of variables.names) {
    const value = variables.text(name);
    if (value !== undefined) {
      read[name] = value;
    }
  }
  return read;
}

function readEsbuildProperties(
  scope: Scope,
  { logicalId, metadata }: TemplateResource,
): EsbuildProperties | undefined {
  const path = ["Resources", logicalId, "Metadata"];
  const reader: PropertyReader = new PropertyReader(scope, path, metadata);
  const method = reader.text("BuildMethod");
  if (method === undefined) {
    return undefined;
  }
  if (method !== "esbuild") {
    reader.fail("BuildMethod", `${method} is not known here, only esbuild`);
  }
  const build = reader.map("BuildProperties");
  const properties: Record<string, EsbuildProperties[string]> = {};
  for (const name of build.names) {
    const value = build.value(name);
    if (typeof value === "boolean" || typeof value === "number") {
      properties[name] = value;
    } else if (value !== undefined) {
      properties[name] = typeof value === "string" ? value : build.texts(name);
    }
  }
  return properties;
}
