import type { Authorizer } from "./authorizer.ts";
import { existingResources } from "./existing-resources.ts";
import { functionArnOf } from "./function-arn-of.ts";
import { requireLambdaPermission } from "./lambda-permissions.ts";
import { PropertyReader } from "./property-reader.ts";
import { readIdentitySources } from "./read-identity-sources.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * Reads the authorization of a route, and its `AWS::ApiGatewayV2::Authorizer`; undefined when everyone may use the route.
 *
 * Throws a TemplateError for any route but `$connect`, for another authorization than CUSTOM or AWS_IAM, for an authorizer of
 * another type than REQUEST, and for one whose function API Gateway may not invoke.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
export function readPlainAuthorizer(
  scope: Scope,
  api: TemplateResource,
  route: PropertyReader,
  functionIds: ReadonlyMap<string, string>,
): Authorizer | "AWS_IAM" | undefined {
  const authorization = route.text("AuthorizationType") ?? "NONE";
  if (authorization === "NONE") {
    return;
  }
  if (authorization !== "CUSTOM" && authorization !== "AWS_IAM") {
    route.fail("AuthorizationType", `${authorization} is not for WebSocket APIs`);
  }
  if (route.text("RouteKey") !== "$connect") {
    route.fail("AuthorizationType", "only $connect can have an authorization");
  }
  if (authorization === "AWS_IAM") {
    return authorization;
  }
  const id = route.requiredText("AuthorizerId");
  const resource = existingResources(scope, "AWS::ApiGatewayV2::Authorizer").find(
    ({ logicalId }) => logicalId === id,
  );
  if (resource === undefined) {
    return route.fail("AuthorizerId", `${id} is no authorizer of this template`);
  }
  const authorizer: PropertyReader = PropertyReader.of(scope, resource);
  const type = authorizer.requiredText("AuthorizerType");
  if (type !== "REQUEST") {
    authorizer.fail("AuthorizerType", `${type} is not for WebSocket APIs, only REQUEST is`);
  }
  const functionArn = functionArnOf(authorizer.requiredText("AuthorizerUri"));
  const functionId = functionIds.get(functionArn);
  if (functionId === undefined) {
    authorizer.fail("AuthorizerUri", `${functionArn} is no Node.js function of this template`);
  }
  // With credentials it is a role that lets API Gateway invoke the function.
  if (authorizer.text("AuthorizerCredentialsArn") === undefined) {
    const source = `authorizers/${id}`;
    requireLambdaPermission(scope, { api, functionId, functionArn, source }, (message) =>
      authorizer.fail("AuthorizerUri", message),
    );
  }
  return { functionId, identitySources: readIdentitySources(authorizer) };
}
