import { generatedResources } from "./generated-resources.ts";
import { RESOURCE_ATTRIBUTES } from "./resource-attributes.ts";
import { resourceName } from "./resource-name.ts";
import type { Scope } from "./scope.ts";
import type { TemplatePath } from "./template-file.ts";

/**
 * The value of `Fn::GetAtt`, or of `Ref` when `attribute` is undefined, for a resource of the template or one that SAM
 * generates from it.
 *
 * Throws a TemplateError when there is no such resource, its condition does not hold or it exists on AWS only.
 */
export function referToResource(
  scope: Scope,
  logicalId: string,
  attribute: string | undefined,
  path: TemplatePath,
): string {
  const resource = scope.resources.get(logicalId);
  if (resource === undefined) {
    const generated = attribute === undefined ? findGenerated(scope, logicalId) : undefined;
    return generated ?? scope.fail(path, `there is no ${describe(logicalId, attribute)}`);
  }
  const { type, condition } = resource;
  if (condition !== undefined && !scope.condition(condition, path)) {
    scope.fail(path, `${logicalId} does not exist, because ${condition} does not hold`);
  }
  const known = RESOURCE_ATTRIBUTES[type];
  if (known === undefined) {
    scope.fail(path, `${logicalId} is an ${type}, which does not exist here`);
  }
  const value = attribute === undefined ? known.ref : known.attributes[attribute];
  if (value !== undefined) {
    return value(resourceName(scope, resource), scope.stack, logicalId);
  }
  const name = describe(logicalId, attribute);
  return findGenerated(scope, name) ?? scope.fail(path, `there is no ${name} here`);
}

function findGenerated(scope: Scope, logicalId: string): string | undefined {
  for (const [owner, resource] of scope.resources) {
    const generated = logicalId.startsWith(owner)
      ? generatedResources(scope, resource).get(logicalId)
      : undefined;
    if (generated !== undefined) {
      return generated;
    }
  }
  return undefined;
}

function describe(logicalId: string, attribute: string | undefined): string {
  return attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
}
