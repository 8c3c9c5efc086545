import { DEFAULT_STAGE } from "./generated-resources.ts";
import { namesIn } from "./names.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { readStageName } from "./stage.ts";

/** A domain of the account that leads to a stage of a WebSocket API of the template. */
export interface CustomDomain {
  /** In lower case. */
  readonly domainName: string;
  /** What the path begins with, without slashes; empty when the domain has one mapping only. */
  readonly basePath: string;
  /** The host and the path of the stage on AWS, `{apiId}.execute-api.{region}.amazonaws.com/{stage}`. */
  readonly stageUrl: string;
}

/**
 * Reads the custom domains of the template's WebSocket APIs, from SAM's `Domain` and from
 * `AWS::ApiGatewayV2::ApiMapping`, and warns of each: no such name exists here.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html
 */
export function readCustomDomains(scope: Scope): readonly CustomDomain[] {
  return [
    ...existingResources(scope, "AWS::Serverless::WebSocketApi").flatMap((api) =>
      readSamDomain(scope, api),
    ),
    ...existingResources(scope, "AWS::ApiGatewayV2::ApiMapping").flatMap((mapping) =>
      readMapping(scope, mapping),
    ),
  ];
}

function readSamDomain(scope: Scope, api: TemplateResource): CustomDomain[] {
  const properties: PropertyReader = PropertyReader.of(scope, api);
  const domain: PropertyReader = properties.map("Domain");
  const { value: domainName } = scope.withPlaceholders(() => domain.string("DomainName"));
  if (domainName === undefined) {
    return [];
  }
  const stageUrl = stageUrlOf(scope, api.logicalId, readStageName(properties) ?? DEFAULT_STAGE);
  const basePaths = domain.strings("BasePath");
  warn(scope, properties.path("Domain"), domainName);
  return (basePaths.length === 0 ? [""] : basePaths).map((basePath) =>
    customDomain(domainName, basePath, stageUrl),
  );
}

function readMapping(scope: Scope, mapping: TemplateResource): CustomDomain[] {
  const properties: PropertyReader = PropertyReader.of(scope, mapping);
  const apiId = namesIn(mapping.properties.ApiId).find((name) => isWebSocketApi(scope, name));
  if (apiId === undefined) {
    return [];
  }
  const { value: domainName } = scope.withPlaceholders(() =>
    properties.requiredString("DomainName"),
  );
  const stage = properties.requiredString("Stage");
  const basePath = properties.string("ApiMappingKey") ?? "";
  warn(scope, properties.path("DomainName"), domainName);
  return [customDomain(domainName, basePath, stageUrlOf(scope, apiId, stage))];
}

/** Whether the resource with this logical id is a WebSocket API. */
export function isWebSocketApi(scope: Scope, logicalId: string): boolean {
  const resource = scope.resources.get(logicalId);
  return (
    resource?.type === "AWS::Serverless::WebSocketApi" ||
    (resource?.type === "AWS::ApiGatewayV2::Api" &&
      PropertyReader.of(scope, resource).string("ProtocolType") === "WEBSOCKET")
  );
}

function stageUrlOf({ stack }: Scope, apiLogicalId: string, stage: string): string {
  return `${stack.apiId(apiLogicalId)}.execute-api.${stack.region}.${stack.urlSuffix}/${stage}`;
}

function warn(scope: Scope, path: readonly (string | number)[], domainName: string): void {
  const message = `${domainName} does not lead here: the functions' variables with its URL hold the local one, other uses of it reach AWS`;
  scope.warn(path, message);
}

function customDomain(domainName: string, basePath: string, stageUrl: string): CustomDomain {
  const trimmed = basePath.replace(/^\/+|\/+$/g, "");
  return { domainName: domainName.toLowerCase(), basePath: trimmed, stageUrl };
}

const URL_ON_AWS = /^(?<scheme>https|wss):\/\/(?<host>[^/?#:]+)(?::443)?(?<rest>[/?#].*)?$/is;

/** A value that is the URL of a custom domain as the URL of its stage on AWS; any other value as it is. */
export function withoutCustomDomain(value: string, domains: readonly CustomDomain[]): string {
  const { scheme, host = "", rest = "" } = URL_ON_AWS.exec(value)?.groups ?? {};
  for (const { domainName, basePath, stageUrl } of domains) {
    const prefix = basePath === "" ? "" : `/${basePath}`;
    const below = rest.slice(prefix.length);
    if (
      host.toLowerCase() === domainName &&
      rest.startsWith(prefix) &&
      /^(?:[/?#]|$)/.test(below)
    ) {
      return `${scheme}://${stageUrl}${below}`;
    }
  }
  return value;
}
