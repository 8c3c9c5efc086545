import { isRecord } from "./is-record.ts";
import { PropertyReader } from "./property-reader.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * True for a route, stage or response whose ApiId is this API's; also when it says none, which leaves no other choice. A
 * template may have APIs of other kinds next to it, and what refers to them is not looked at: they do not exist here.
 * Throws a TemplateError when its ApiId refers to nothing.
 */
export function isOfApi(scope: Scope, api: TemplateResource, resource: TemplateResource): boolean {
  const { ApiId } = resource.properties;
  if (isRecord(ApiId) && typeof ApiId.Ref === "string" && scope.resources.has(ApiId.Ref)) {
    return ApiId.Ref === api.logicalId;
  }
  const apiId = PropertyReader.of(scope, resource).text("ApiId");
  return apiId === undefined || apiId === scope.stack.apiId(api.logicalId);
}
