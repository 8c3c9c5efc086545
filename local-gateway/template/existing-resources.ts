import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/** The resources of a type that exist: those without a condition, and those whose condition holds. */
export function existingResources(scope: Scope, type: string): readonly TemplateResource[] {
  return [...scope.resources.values()].filter(
    (resource) =>
      resource.type === type &&
      (resource.condition === undefined ||
        scope.condition(resource.condition, ["Resources", resource.logicalId, "Condition"])),
  );
}
