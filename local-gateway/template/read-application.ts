import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Application } from "./application.ts";
import { existingResources } from "./existing-resources.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import { readApi } from "./read-api.ts";
import { readFunction } from "./read-function.ts";
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
 * that only AWS has.
 */
export async function readApplication(
  file: string,
  { region, parameterOverrides = {} }: ReadApplicationOptions,
): Promise<Application> {
  const template: TemplateFile = new TemplateFile(resolve(file), await readText(file));
  const stack = createStack(file, region);
  const parameters = resolveParameters(template, parameterOverrides);
  const resolver = new Resolver(template, stack, parameters, readResources(template));

  const functions = new Map<string, FunctionDefinition>();
  const functionIds = new Map<string, string>();
  for (const resource of existingResources(resolver, "AWS::Serverless::Function")) {
    const { logicalId } = resource;
    const definition = readFunction(resolver, resource);
    if (definition !== undefined) {
      functions.set(logicalId, definition);
      functionIds.set(resolver.attribute(logicalId, "Arn", ["Resources", logicalId]), logicalId);
    }
  }
  return { api: readApi(resolver, functionIds), functions, tables: readTables(resolver) };
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
    throw new TemplateError(`The template ${file} cannot be read`, { cause });
  }
}
