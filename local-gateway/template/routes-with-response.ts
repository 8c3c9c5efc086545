import { existingResources } from "./existing-resources.ts";
import { PropertyReader } from "./property-reader.ts";
import type { Scope } from "./scope.ts";

/**
 * The ids of the routes that have a RouteResponse with the key `$default`, without which a route does not answer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 */
export function routesWithResponse(scope: Scope): ReadonlySet<string> {
  return new Set(
    existingResources(scope, "AWS::ApiGatewayV2::RouteResponse")
      .map((resource) => PropertyReader.of(scope, resource))
      .filter((properties) => properties.text("RouteResponseKey") === "$default")
      .map((properties) => properties.requiredText("RouteId")),
  );
}
