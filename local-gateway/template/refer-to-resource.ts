import { generatedResources } from "./generated-resources.ts";
import { isRecord } from "./is-record.ts";
import { RESOURCE_ATTRIBUTES } from "./resource-attributes.ts";
import { resourceName } from "./resource-name.ts";
import type { Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
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
    const generated = generatedFor(scope, logicalId);
    const value = attribute === undefined ? generated.get(logicalId) : undefined;
    const names = [...scope.resources.keys(), ...parameterNames(scope), ...generated.keys()];
    return (
      value ?? scope.fail(path, `there is no resource ${logicalId}${suggest(logicalId, names)}`)
    );
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
  const generated = generatedFor(scope, logicalId).get(`${logicalId}.${attribute}`);
  return generated ?? scope.fail(path, `${logicalId} has no attribute ${attribute} here`);
}

/** What SAM generates from the resources with whose logical ids a name begins. */
function generatedFor(scope: Scope, name: string): ReadonlyMap<string, string> {
  const owners = [...scope.resources].filter(([owner]) => name.startsWith(owner));
  return new Map(owners.flatMap(([, resource]) => [...generatedResources(scope, resource)]));
}

function parameterNames({ template: { content } }: Scope): string[] {
  return isRecord(content) && isRecord(content.Parameters) ? Object.keys(content.Parameters) : [];
}
