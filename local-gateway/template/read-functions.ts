import { existingResources } from "./existing-resources.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import { PropertyReader } from "./property-reader.ts";
import { readFunction } from "./read-function.ts";
import type { Scope } from "./scope.ts";
import { TemplateError } from "./template-error.ts";
import type { TemplateResource } from "./template-resource.ts";

/** The Node.js functions of a template. */
export interface TemplateFunctions {
  /** Those that can run here, by logical id. */
  readonly definitions: ReadonlyMap<string, FunctionDefinition>;
  /** Why the others cannot, by logical id. It matters only to whoever needs them. */
  readonly problems: ReadonlyMap<string, TemplateError>;
  /** The logical ids of all of them, by ARN; also by the ARN of the alias that SAM publishes. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Reads the functions, of SAM and of CloudFormation. Never throws: a template may have functions that belong to an HTTP
 * API or a queue and need what only AWS has, and nothing here invokes them.
 */
export function readFunctions(scope: Scope): TemplateFunctions {
  const definitions = new Map<string, FunctionDefinition>();
  const problems = new Map<string, TemplateError>();
  const ids = new Map<string, string>();
  const resources = ["AWS::Serverless::Function", "AWS::Lambda::Function"].flatMap((type) =>
    existingResources(scope, type),
  );
  for (const resource of resources) {
    const { logicalId } = resource;
    try {
      for (const arn of arnsOf(scope, resource)) {
        ids.set(arn, logicalId);
      }
      const definition = readFunction(scope, resource);
      if (definition === undefined) {
        deleteValue(ids, logicalId);
      } else {
        definitions.set(logicalId, definition);
      }
    } catch (error) {
      if (!(error instanceof TemplateError)) {
        throw error;
      }
      problems.set(logicalId, error);
    }
  }
  return { definitions, problems, ids };
}

function arnsOf(scope: Scope, resource: TemplateResource): string[] {
  const { logicalId } = resource;
  const arn = scope.attribute(logicalId, "Arn", ["Resources", logicalId]);
  const alias = PropertyReader.of(scope, resource).text("AutoPublishAlias");
  return alias === undefined ? [arn] : [arn, `${arn}:${alias}`];
}

function deleteValue(map: Map<string, string>, value: string): void {
  for (const [key, item] of map) {
    if (item === value) {
      map.delete(key);
    }
  }
}
