import type { Scope, TemplateResource } from "./scope.ts";
import { isRecord, NO_VALUE } from "./values.ts";

/** The stage that SAM gives an API without a StageName. */
export const DEFAULT_STAGE = "default";

/**
 * What `Ref` gives for the resources that SAM generates from another: the role of a function and the alias that it
 * publishes, the routes and the stage of an API. By their logical ids or, for the stage, as `<Api>.Stage`.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-websocketapi.html
 */
export function generatedResources(
  scope: Scope,
  { logicalId, type, properties }: TemplateResource,
): ReadonlyMap<string, string> {
  const generated = new Map<string, string>();
  if (type === "AWS::Serverless::Function" && properties.Role === undefined) {
    generated.set(`${logicalId}Role`, `${scope.stack.name}-${logicalId}Role`);
  }
  if (type === "AWS::Serverless::Function" && properties.AutoPublishAlias !== undefined) {
    const path = ["Resources", logicalId, "Properties", "AutoPublishAlias"];
    const alias = String(scope.resolve(properties.AutoPublishAlias, path));
    const arn = scope.attribute(logicalId, "Arn", path);
    generated.set(`${logicalId}.Alias`, `${arn}:${alias}`);
    generated.set(`${logicalId}Alias${alias}`, `${arn}:${alias}`);
    generated.set(`${logicalId}.Version`, `${arn}:1`);
  }
  if (type !== "AWS::Serverless::WebSocketApi") {
    return generated;
  }
  const { Routes, StageName } = properties;
  for (const routeKey of isRecord(Routes) ? Object.keys(Routes) : []) {
    const routeId = routeLogicalId(logicalId, routeKey);
    generated.set(routeId, routeId);
  }
  const path = ["Resources", logicalId, "Properties", "StageName"];
  const resolved = scope.resolve(StageName ?? DEFAULT_STAGE, path);
  const stage = resolved === NO_VALUE ? DEFAULT_STAGE : String(resolved);
  generated.set(`${logicalId}.Stage`, stage);
  if (StageName === undefined) {
    generated.set(`${logicalId}DefaultStage`, stage);
  } else if (typeof StageName === "string") {
    generated.set(`${logicalId}${StageName}Stage`, stage);
  }
  return generated;
}

/**
 * The logical id of the route that SAM generates for a route key: the first letter upper case and every other one lower
 * case, so `sendMessage` of the API Chat becomes `ChatSendmessageRoute`.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-websocketapi.html
 */
export function routeLogicalId(apiLogicalId: string, routeKey: string): string {
  const key = routeKey.replace("$", "");
  return `${apiLogicalId}${key.charAt(0).toUpperCase()}${key.slice(1).toLowerCase()}Route`;
}
