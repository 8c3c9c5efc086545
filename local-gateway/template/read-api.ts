import { parseSelectionExpression } from "../api-gateway/parse-selection-expression.ts";
import { existingResources } from "./existing-resources.ts";
import { PropertyReader } from "./property-reader.ts";
import { readPlainWebSocketApi } from "./read-plain-web-socket-api.ts";
import { readWebSocketApi } from "./read-web-socket-api.ts";
import type { Scope } from "./scope.ts";
import type { WebSocketApi } from "./web-socket-api.ts";

/**
 * Reads the WebSocket API of a template, be it one of SAM or of CloudFormation. `functionIds` are the logical ids of the
 * functions that run here, by ARN. Throws a TemplateError when there is none, or a second one,
 * or when its route selection expression is none that is known here.
 */
export function readApi(scope: Scope, functionIds: ReadonlyMap<string, string>): WebSocketApi {
  const plain = existingResources(scope, "AWS::ApiGatewayV2::Api").filter(
    (resource) => PropertyReader.of(scope, resource).text("ProtocolType") === "WEBSOCKET",
  );
  const [api, second] = [...existingResources(scope, "AWS::Serverless::WebSocketApi"), ...plain];
  if (api === undefined) {
    scope.fail(["Resources"], "there is no WebSocket API");
  }
  if (second !== undefined) {
    scope.fail(["Resources", second.logicalId], "a second WebSocket API does not run here");
  }
  const read = plain.includes(api) ? readPlainWebSocketApi : readWebSocketApi;
  const webSocketApi = read(scope, api, functionIds);
  try {
    parseSelectionExpression(webSocketApi.routeSelectionExpression);
  } catch (cause) {
    const { message } = cause as Error;
    const path = PropertyReader.of(scope, api).path("RouteSelectionExpression");
    scope.template.fail(path, message, { cause });
  }
  return webSocketApi;
}
