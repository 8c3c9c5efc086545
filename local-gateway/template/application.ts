import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseSelectionExpression, SelectionExpressionError } from "../selection-expression.ts";
import { readCloudFormationApi } from "./cloudformation-api.ts";
import { customResourceHandlers } from "./custom-resources.ts";
import { TemplateError } from "./error.ts";
import { TemplateFile } from "./file.ts";
import { type FunctionDefinition, readFunctions } from "./functions.ts";
import { resolveParameters } from "./parameters.ts";
import { PropertyReader } from "./reader.ts";
import { Resolver } from "./resolve.ts";
import { existingResources, readResources } from "./resources.ts";
import { checkRules } from "./rules.ts";
import { readSamApi } from "./sam-api.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { createStack } from "./stack.ts";
import { readTables, type TableDefinition } from "./tables.ts";
import type { WebSocketApi } from "./web-socket-api.ts";

/** What a SAM template describes, with every parameter, condition and intrinsic function resolved. */
export interface Application {
  readonly api: WebSocketApi;
  /** By the logical id of the function. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly tables: readonly TableDefinition[];
  /** What works here, but not as its author may think: one sentence each, with the line. */
  readonly warnings: readonly string[];
}

/** What a template is read with. */
interface ReadApplicationOptions {
  readonly region: string;
  /** By the name of the parameter. */
  readonly parameterOverrides?: Readonly<Record<string, string>>;
}

/**
 * Reads the SAM template in `file`, YAML or JSON, and resolves its parameters, conditions and intrinsic functions.
 *
 * Throws a TemplateError with its code, the line, the resource and the property when the template is wrong or needs
 * something that only AWS has. A function that needs such a thing is left out instead, unless the API needs it.
 */
export async function readApplication(
  file: string,
  { region, parameterOverrides = {} }: ReadApplicationOptions,
): Promise<Application> {
  const template = new TemplateFile(resolve(file), await readText(resolve(file)));
  const stack = createStack(file, region);
  const parameters = resolveParameters(template, parameterOverrides);
  const resolver = new Resolver(template, stack, parameters, readResources(template));
  checkRules(resolver);

  const functions = readFunctions(resolver);
  const api = readApi(resolver, functions.ids);
  const needed = functionsBehind(api);
  for (const functionId of needed) {
    const problem = functions.problems.get(functionId);
    if (problem !== undefined) {
      throw problem;
    }
  }
  const definitions = new Map(functions.definitions);
  for (const functionId of customResourceHandlers(resolver, functions.ids)) {
    if (!needed.includes(functionId)) {
      definitions.delete(functionId);
    }
  }
  const tables = readTables(resolver);
  return { api, functions: definitions, tables, warnings: resolver.warnings };
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
 * Reads the WebSocket API of a template, of SAM or of CloudFormation. `functionIds` are the logical ids of the functions
 * that run here, by ARN. Throws a TemplateError when there is no API, or a second one, or when its route selection
 * expression is not supported.
 */
function readApi(scope: Scope, functionIds: ReadonlyMap<string, string>): WebSocketApi {
  const plain = existingResources(scope, "AWS::ApiGatewayV2::Api").filter(
    (resource) => PropertyReader.of(scope, resource).string("ProtocolType") === "WEBSOCKET",
  );
  const [api, second] = [...existingResources(scope, "AWS::Serverless::WebSocketApi"), ...plain];
  if (api === undefined) {
    scope.unsupported(["Resources"], "there is no WebSocket API");
  }
  if (second !== undefined) {
    const message = `only one WebSocket API is supported, and ${api.logicalId} is one already`;
    scope.unsupported(["Resources", second.logicalId], message);
  }
  const read = plain.includes(api) ? readCloudFormationApi : readSamApi;
  const webSocketApi = read(scope, api, functionIds);
  checkRouteSelection(scope, api, webSocketApi);
  return webSocketApi;
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
