import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { LocalGatewayError } from "../errors.ts";
import { parseSelectionExpression, SelectionExpressionError } from "../selection-expression.ts";
import { readCdkEnvironment } from "./cdk-environment.ts";
import { readCloudFormationApi } from "./cloudformation-api.ts";
import { assetPath } from "./code.ts";
import { customResourceHandlers } from "./custom-resources.ts";
import { readEnvVars } from "./env-vars.ts";
import { TemplateError } from "./error.ts";
import { type EventSource, readEventSources } from "./event-sources.ts";
import { TemplateFile } from "./file.ts";
import { type FunctionDefinition, readFunctions } from "./functions.ts";
import { leftOutLoops, UNSUPPORTED } from "./loops.ts";
import { warnOfOtherApis } from "./other-apis.ts";
import { resolveParameters } from "./parameters.ts";
import { PropertyReader } from "./reader.ts";
import { Resolver } from "./resolve.ts";
import { existingResources, readResources } from "./resources.ts";
import { checkRules } from "./rules.ts";
import { readSamApi } from "./sam-api.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { ACCOUNT_ID, createStack } from "./stack.ts";
import { readTables, type TableDefinition } from "./tables.ts";
import { warnOfUnusedProperties } from "./unused-properties.ts";
import type { StagedApi, WebSocketApi } from "./web-socket-api.ts";

/** What a SAM template describes, with every parameter, condition and intrinsic function resolved. */
export interface Application {
  /** In the order of the template. */
  readonly apis: readonly [StagedApi, ...StagedApi[]];
  /** The region that CDK synthesised the stack for, else the one that it was read with. */
  readonly region: string;
  /** By the logical id of the function. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly tables: readonly TableDefinition[];
  /** What invokes the functions on AWS and never does so here. */
  readonly eventSources: readonly EventSource[];
  /** What works here, but not as its author may think: one sentence each, with the line. */
  readonly warnings: readonly string[];
}

/** What a template is read with. */
interface ReadApplicationOptions {
  readonly region: string;
  /** By the name of the parameter. */
  readonly parameterOverrides?: Readonly<Record<string, string>> | undefined;
  /** The logical id of the one API that is to run; all of them when absent. */
  readonly api?: string | undefined;
  /** The name of the stage that is to run; all of them when absent. */
  readonly stage?: string | undefined;
  /** The path of a file with values of environment variables; the template's own count when absent. */
  readonly envVars?: string | undefined;
}

/**
 * Reads the SAM template in `file`, YAML or JSON, and resolves its parameters, conditions and intrinsic functions.
 *
 * Throws a TemplateError with its code, the line, the resource and the property when the template is wrong or needs
 * something that only AWS has. A function that needs such a thing is left out instead, unless the API needs it. Throws a
 * LocalGatewayError, INVALID_OPTION, when the template does not have the API or the stage that is to run, or the file of
 * environment variables cannot be read or has another form.
 */
export async function readApplication(
  file: string,
  { parameterOverrides = {}, envVars, api, stage, ...options }: ReadApplicationOptions,
): Promise<Application> {
  const { accountId = ACCOUNT_ID, region = options.region } = await readCdkEnvironment(file);
  const text = await readText(resolve(file));
  // Both have twelve digits: places in the text stay what they are.
  const template = new TemplateFile(resolve(file), text.replaceAll(accountId, ACCOUNT_ID));
  const stack = createStack(file, region);
  const parameters = resolveParameters(template, parameterOverrides);
  const resolver = new Resolver(template, stack, parameters, readResources(template));
  for (const loop of leftOutLoops(template)) {
    resolver.warn(["Resources", loop], `is left out: ${UNSUPPORTED}`);
  }
  checkRules(resolver);

  const functions = readFunctions(
    resolver,
    envVars === undefined ? undefined : await readEnvVars(envVars),
  );
  const apis = readApis(resolver, functions.ids, { api, stage });
  const needed = apis.flatMap(({ stages }) => stages.flatMap(functionsBehind));
  for (const functionId of needed) {
    const problem = functions.problems.get(functionId);
    if (problem !== undefined) {
      throw problem;
    }
  }
  const definitions = new Map(functions.definitions);
  const handlers = customResourceHandlers(resolver, functions.ids);
  for (const functionId of handlers) {
    if (!needed.includes(functionId)) {
      definitions.delete(functionId);
    }
  }
  for (const [functionId, problem] of functions.problems) {
    if (!handlers.has(functionId)) {
      resolver.warnings.add(
        `${problem.message}: ${functionId} is left out, for the API does not need it`,
      );
    }
  }
  const tables = readTables(resolver);
  const eventSources = readEventSources(resolver, definitions);
  warnOfUnusedProperties(resolver, (functionId) => definitions.has(functionId));
  warnOfOtherApis(resolver);
  const warnings = [...resolver.warnings];
  return { apis, region, functions: definitions, tables, eventSources, warnings };
}

/** The first API and stage that a function is behind; the first of all when it is behind none. */
export function apiOf({ apis }: Application, functionId: string): WebSocketApi {
  const stages = apis.flatMap((api) => api.stages);
  return stages.find((api) => functionsBehind(api).includes(functionId)) ?? apis[0].stages[0];
}

/** Why a file cannot be read, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission to read it",
  EISDIR: "it is a folder, not a file",
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is not a folder",
};

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const problem = `the template cannot be read: ${REASONS[code] ?? message}`;
    throw new TemplateError("TEMPLATE_UNREADABLE", { file }, problem, { cause });
  }
}

/**
 * Reads the WebSocket APIs of a template, of SAM or of CloudFormation, at their stages. `functionIds` are the logical ids of
 * the functions that run here, by ARN. Throws a TemplateError when there is none, or when a route selection expression is not
 * supported, and `INVALID_OPTION` when there is no such API or stage as chosen.
 */
function readApis(
  scope: Scope,
  functionIds: ReadonlyMap<string, string>,
  chosen: Pick<ReadApplicationOptions, "api" | "stage">,
): Application["apis"] {
  const plain = existingResources(scope, "AWS::ApiGatewayV2::Api").filter(
    (resource) => PropertyReader.of(scope, resource).string("ProtocolType") === "WEBSOCKET",
  );
  const sam = existingResources(scope, "AWS::Serverless::WebSocketApi");
  const found = new Set([...sam, ...plain]);
  // In the template's order, for the first one is the one that the command line names first.
  const resources = [...scope.resources.values()].filter((resource) => found.has(resource));
  if (resources.length === 0) {
    rejectWithoutApi(scope);
  }
  const stageNames = new Set<string>();
  const isChosen = (stageName: string) => {
    stageNames.add(stageName);
    return chosen.stage === undefined || stageName === chosen.stage;
  };
  const [first, ...others] = chooseApis(resources, chosen.api).flatMap((resource) => {
    const read = plain.includes(resource) ? readCloudFormationApi : readSamApi;
    const { logicalId } = resource;
    const [stage, ...others] = read(scope, resource, { functionIds, isChosen });
    if (stage === undefined) {
      scope.warn(["Resources", logicalId], `is left out: it has no stage ${chosen.stage}`);
      return [];
    }
    checkRouteSelection(scope, resource, stage);
    const api: StagedApi = { logicalId, apiId: stage.apiId, stages: [stage, ...others] };
    return [api];
  });
  if (first === undefined) {
    const names = [...stageNames].join(", ");
    const sentence = `The template has no stage ${chosen.stage}: the stages are ${names}.`;
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  return [first, ...others];
}

/** The types of nested applications, which may have APIs of their own, with the property that has their template. */
const NESTED = {
  "AWS::Serverless::Application": "Location",
  "AWS::CloudFormation::Stack": "TemplateURL",
};

function rejectWithoutApi(scope: Scope): never {
  const nested = Object.entries(NESTED).flatMap(([type, property]) =>
    existingResources(scope, type).map((resource) => ({ resource, property })),
  );
  const [first] = nested;
  if (first === undefined) {
    scope.unsupported(["Resources"], "there is no WebSocket API");
  }
  const files = nested.flatMap(({ resource: { metadata, properties }, property }) => {
    const file = assetPath(metadata, property) ?? properties[property];
    return typeof file === "string" && !/^(s3|https?):/.test(file) ? [file] : [];
  });
  const advice = files.length === 0 ? "" : `: run one of their own templates: ${files.join(", ")}`;
  const message = `there is no WebSocket API outside nested applications, which are not supported${advice}`;
  scope.unsupported(["Resources", first.resource.logicalId, "Type"], message);
}

function chooseApis(
  resources: readonly TemplateResource[],
  logicalId: string | undefined,
): readonly TemplateResource[] {
  const chosen = resources.filter((resource) => resource.logicalId === logicalId);
  if (logicalId !== undefined && chosen.length === 0) {
    const names = resources.map((resource) => resource.logicalId).join(", ");
    const sentence = `The template has no WebSocket API ${logicalId}: the APIs are ${names}.`;
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  return logicalId === undefined ? resources : chosen;
}

function checkRouteSelection(
  scope: Scope,
  resource: TemplateResource,
  { routeSelectionExpression }: WebSocketApi,
): void {
  try {
    parseSelectionExpression(routeSelectionExpression);
  } catch (cause) {
    if (!(cause instanceof SelectionExpressionError)) {
      throw cause;
    }
    const path = PropertyReader.of(scope, resource).path("RouteSelectionExpression");
    throw scope.template.error("TEMPLATE_UNSUPPORTED", path, cause.message, { cause });
  }
}

function functionsBehind({ routes, authorizer }: WebSocketApi): string[] {
  const behindRoutes = Array.from(routes.values(), ({ functionId }) => functionId ?? []).flat();
  return typeof authorizer === "object" ? [...behindRoutes, authorizer.functionId] : behindRoutes;
}
