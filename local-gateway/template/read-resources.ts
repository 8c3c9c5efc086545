import { isRecord } from "./is-record.ts";
import { mergeGlobals } from "./merge-globals.ts";
import type { TemplateFile } from "./template-file.ts";
import type { TemplateResource } from "./template-resource.ts";

/** Lists the resources of a template by logical id. Throws a TemplateError when the template has none. */
export function readResources(template: TemplateFile): ReadonlyMap<string, TemplateResource> {
  const { content } = template;
  if (!isRecord(content) || !isRecord(content.Resources)) {
    template.fail([], "a template needs Resources");
  }
  const globals = isRecord(content.Globals) ? content.Globals : {};
  return new Map(
    Object.entries(content.Resources).map(([logicalId, resource]) => {
      const path = ["Resources", logicalId];
      if (logicalId.startsWith("Fn::")) {
        template.fail(path, "language extensions are not known here");
      }
      if (!isRecord(resource) || typeof resource.Type !== "string") {
        template.fail(path, "a resource needs a Type");
      }
      return [logicalId, readResource(template, logicalId, resource.Type, resource, globals)];
    }),
  );
}

function readResource(
  template: TemplateFile,
  logicalId: string,
  type: string,
  resource: Record<string, unknown>,
  globals: Record<string, unknown>,
): TemplateResource {
  const { Properties = {}, Metadata = {}, DependsOn = [], Condition } = resource;
  if (!isRecord(Properties)) {
    template.fail(["Resources", logicalId, "Properties"], "must be a map");
  }
  const inherited = globals[type.replace(/^AWS::Serverless::/, "")];
  return {
    logicalId,
    type,
    properties: isRecord(inherited) ? mergeGlobals(inherited, Properties) : Properties,
    metadata: isRecord(Metadata) ? Metadata : {},
    dependsOn: [DependsOn].flat().filter((name) => typeof name === "string"),
    ...(typeof Condition === "string" && { condition: Condition }),
  };
}
