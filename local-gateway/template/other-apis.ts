import type { TemplatePath } from "./file.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import { eventsOf, HTTP_EVENTS } from "./sam-events.ts";
import type { Scope } from "./scope.ts";

/** Warns, in one line, of the HTTP and REST APIs of a template: nothing of them runs here. */
export function warnOfOtherApis(scope: Scope): void {
  const [first, ...others] = [...explicitApis(scope), ...generatedApis(scope)];
  if (first !== undefined) {
    const names = [...new Set([first, ...others].map(({ name }) => name))].join(", ");
    const message = `only WebSocket APIs run here, and HTTP and REST APIs are left alone: ${names}`;
    scope.warn(first.path, message);
  }
}

interface OtherApi {
  readonly name: string;
  readonly path: TemplatePath;
}

function explicitApis(scope: Scope): OtherApi[] {
  const http = existingResources(scope, "AWS::ApiGatewayV2::Api").filter(
    (resource) => PropertyReader.of(scope, resource).string("ProtocolType") !== "WEBSOCKET",
  );
  const others = ["AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::ApiGateway::RestApi"];
  return [...http, ...others.flatMap((type) => existingResources(scope, type))].map(
    ({ logicalId }) => ({ name: logicalId, path: ["Resources", logicalId] }),
  );
}

/** Those that SAM generates for events that name no API. */
function generatedApis(scope: Scope): OtherApi[] {
  return existingResources(scope, "AWS::Serverless::Function").flatMap(({ logicalId }) =>
    eventsOf(scope, logicalId).flatMap(({ type, path, properties }) => {
      const name = HTTP_EVENTS.get(type);
      const isNamed = properties.names.some((key) => key === "RestApiId" || key === "ApiId");
      return name === undefined || isNamed ? [] : [{ name, path }];
    }),
  );
}
