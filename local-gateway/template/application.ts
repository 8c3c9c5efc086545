import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseSelectionExpression } from "../selection-expression.ts";
import { readPlainWebSocketApi } from "./cloudformation-api.ts";
import { TemplateError, TemplateFile } from "./file.ts";
import { type FunctionDefinition, readFunctions } from "./functions.ts";
import { resolveParameters } from "./parameters.ts";
import { existingResources, PropertyReader, readResources } from "./reader.ts";
import { Resolver } from "./resolve.ts";
import { checkRules } from "./rules.ts";
import { readWebSocketApi } from "./sam-api.ts";
import { createStack, type Scope } from "./scope.ts";
import { readSimpleTable, readTable, type TableDefinition } from "./tables.ts";
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

/** Why a file cannot be read, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission to read it",
  EISDIR: "it is a folder, not a file",
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is not a folder",
};

/** How a template is read. */
interface ReadApplicationOptions {
  readonly region: string;
  /** By the name of the parameter. */
  readonly parameterOverrides?: Readonly<Record<string, string>>;
}

/**
 * Reads the SAM template in `file`, YAML or JSON, and resolves what it says.
 *
 * Throws a TemplateError that names the resource, the property and the line when the template is wrong or needs something
 * that only AWS has. A function that needs such a thing is left out instead, unless the API needs the function.
 */
export async function readApplication(
  file: string,
  { region, parameterOverrides = {} }: ReadApplicationOptions,
): Promise<Application> {
  const template: TemplateFile = new TemplateFile(resolve(file), await readText(resolve(file)));
  const stack = createStack(file, region);
  const parameters = resolveParameters(template, parameterOverrides);
  const resolver = new Resolver(template, stack, parameters, readResources(template));
  checkRules(resolver);

  const functions = readFunctions(resolver);
  const api = readApi(resolver, functions.ids);
  for (const functionId of functionsBehind(api)) {
    const problem = functions.problems.get(functionId);
    if (problem !== undefined) {
      throw problem;
    }
  }
  const tables = readTables(resolver);
  return { api, functions: functions.definitions, tables, warnings: resolver.warnings };
}

function functionsBehind({ routes, authorizer }: WebSocketApi): string[] {
  const behindRoutes = Array.from(routes.values(), ({ functionId }) => functionId ?? []).flat();
  return typeof authorizer === "object" ? [...behindRoutes, authorizer.functionId] : behindRoutes;
}

function readTables(scope: Scope): TableDefinition[] {
  const tables = existingResources(scope, "AWS::DynamoDB::Table");
  const simpleTables = existingResources(scope, "AWS::Serverless::SimpleTable");
  return [
    ...tables.map((table) => readTable(scope, table)),
    ...simpleTables.map((table) => readSimpleTable(scope, table)),
  ];
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = reasonOf(cause as NodeJS.ErrnoException);
    throw new TemplateError(`The template ${file} cannot be read: ${reason}.`, { cause });
  }
}

function reasonOf({ code = "", message }: NodeJS.ErrnoException): string {
  return REASONS[code] ?? message;
}

/**
 * Reads the WebSocket API of a template, be it one of SAM or of CloudFormation. `functionIds` are the logical ids of the
 * functions that run here, by ARN. Throws a TemplateError when there is none, or a second one,
 * or when its route selection expression is none that is known here.
 */
function readApi(scope: Scope, functionIds: ReadonlyMap<string, string>): WebSocketApi {
  const plain = existingResources(scope, "AWS::ApiGatewayV2::Api").filter(
    (resource) => PropertyReader.of(scope, resource).text("ProtocolType") === "WEBSOCKET",
  );
  const [api, second] = [...existingResources(scope, "AWS::Serverless::WebSocketApi"), ...plain];
  if (api === undefined) {
    scope.fail(["Resources"], "there is no WebSocket API");
  }
  if (second !== undefined) {
    scope.fail(["Resources", second.logicalId], "a second WebSocket API does not run here");
  }
  const read = plain.includes(api) ? readPlainWebSocketApi : readWebSocketApi;
  const webSocketApi = read(scope, api, functionIds);
  try {
    parseSelectionExpression(webSocketApi.routeSelectionExpression);
  } catch (cause) {
    const { message } = cause as Error;
    const path = PropertyReader.of(scope, api).path("RouteSelectionExpression");
    scope.template.fail(path, message, { cause });
  }
  return webSocketApi;
}
