import { existingResources } from "./existing-resources.ts";
import { isRecord } from "./is-record.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/** The managed policy of the template that a `Ref` refers to; undefined when `value` is anything else. */
export function referredPolicy(scope: Scope, value: unknown): TemplateResource | undefined {
  return isRecord(value) && typeof value.Ref === "string"
    ? existingResources(scope, "AWS::IAM::ManagedPolicy").find(
        ({ logicalId }) => logicalId === value.Ref,
      )
    : undefined;
}
