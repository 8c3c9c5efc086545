import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Application } from "./application.ts";
import { checkRules } from "./check-rules.ts";
import { existingResources } from "./existing-resources.ts";
import { readApi } from "./read-api.ts";
import { readFunctions } from "./read-functions.ts";
import { readResources } from "./read-resources.ts";
import { readSimpleTable } from "./read-simple-table.ts";
import { readTable } from "./read-table.ts";
import { resolveParameters } from "./resolve-parameters.ts";
import { Resolver } from "./resolver.ts";
import type { Scope } from "./scope.ts";
import { createStack } from "./stack.ts";
import type { TableDefinition } from "./table-definition.ts";
import { TemplateError } from "./template-error.ts";
import { TemplateFile } from "./template-file.ts";
import type { WebSocketApi } from "./web-socket-api.ts";

/** Why a file cannot be read, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission to read it",
  EISDIR: "it is a folder, not a file",
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is not a folder",
};

/** How a template is read. */
export interface ReadApplicationOptions {
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
