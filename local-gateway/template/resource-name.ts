import { RESOURCE_ATTRIBUTES } from "./resource-attributes.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/** The physical name of a resource: the one that its own property gives, or else `<stack>-<logical id>`. */
export function resourceName(scope: Scope, resource: TemplateResource): string {
  const { logicalId, type, properties } = resource;
  const property = RESOURCE_ATTRIBUTES[type]?.nameProperty;
  if (property !== undefined && properties[property] !== undefined) {
    const path = ["Resources", logicalId, "Properties", property];
    const name = scope.resolve(properties[property], path);
    if (typeof name === "string") {
      return name;
    }
    if (typeof name !== "symbol") {
      scope.fail(path, "must be a text");
    }
  }
  return `${scope.stack.name}-${logicalId}`;
}
