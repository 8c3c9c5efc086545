import type { TemplateFile } from "./file.ts";
import { isLoop, UNSUPPORTED } from "./loops.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { isIntrinsic, isRecord } from "./values.ts";

/**
 * Lists the resources of a template by logical id, without those that a loop makes. Throws a TemplateError when there are none, or one of them is not a
 * resource.
 */
export function readResources(template: TemplateFile): ReadonlyMap<string, TemplateResource> {
  const resources = Object.entries(template.section("Resources"));
  if (resources.length === 0) {
    throw template.error("TEMPLATE_INVALID", [], "a template needs Resources");
  }
  const globals = template.section("Globals");
  return new Map(
    resources
      .filter(([logicalId]) => !isLoop(logicalId))
      .map(([logicalId, resource]) => [
        logicalId,
        readResource(template, logicalId, resource, globals),
      ]),
  );
}

function readResource(
  template: TemplateFile,
  logicalId: string,
  resource: unknown,
  globals: Readonly<Record<string, unknown>>,
): TemplateResource {
  const path = ["Resources", logicalId];
  if (logicalId.startsWith("Fn::")) {
    throw template.error("TEMPLATE_UNSUPPORTED", path, UNSUPPORTED);
  }
  if (!isRecord(resource) || typeof resource.Type !== "string") {
    throw template.error("TEMPLATE_INVALID", path, "a resource needs a Type");
  }
  const { Type, Properties = {}, Metadata, DependsOn = [], Condition } = resource;
  if (!isRecord(Properties)) {
    throw template.error("TEMPLATE_INVALID", [...path, "Properties"], "must be a map");
  }
  const inherited = globals[Type.replace(/^AWS::Serverless::/, "")];
  return {
    logicalId,
    type: Type,
    properties: isRecord(inherited) ? mergeGlobals(inherited, Properties) : Properties,
    metadata: isRecord(Metadata) ? Metadata : {},
    dependsOn: [DependsOn].flat().filter((name) => typeof name === "string"),
    ...(typeof Condition === "string" && { condition: Condition }),
  };
}

/**
 * The properties of a resource with the template's Globals for its type: maps are merged, the Globals' list items come
 * before the resource's own, and of anything else the resource's own value counts.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
function mergeGlobals(
  globals: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    merged[key] = key in globals ? mergeValue(globals[key], value) : value;
  }
  return merged;
}

function mergeValue(inherited: unknown, own: unknown): unknown {
  if (Array.isArray(inherited) && Array.isArray(own)) {
    return [...inherited, ...own];
  }
  const areMaps = isRecord(inherited) && isRecord(own);
  // An intrinsic function looks like a map, but stands for one value.
  return areMaps && !isIntrinsic(inherited) && !isIntrinsic(own)
    ? mergeGlobals(inherited, own)
    : own;
}

/** The resources of a type that exist: those without a condition, and those whose condition is true. */
export function existingResources(scope: Scope, type: string): readonly TemplateResource[] {
  return [...scope.resources.values()].filter(
    (resource) =>
      resource.type === type &&
      (resource.condition === undefined ||
        scope.condition(resource.condition, ["Resources", resource.logicalId, "Condition"])),
  );
}
