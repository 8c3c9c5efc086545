import { functionArnOf } from "./generated-resources.ts";
import { requireLambdaPermission } from "./lambda-permissions.ts";
import { existingResources, PropertyReader } from "./reader.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import type { Authorizer } from "./web-socket-api.ts";

/**
 * Reads the Auth of an `AWS::Serverless::WebSocketApi`, whose type has to be written in capitals: SAM lets other
 * spellings pass and then deploys no authorization. Undefined for NONE.
 *
 * Throws a TemplateError where SAM rejects the template.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-websocketapi-authconfiguration.html
 */
export function readServerlessAuthorizer(
  api: PropertyReader,
  functionIds: ReadonlyMap<string, string>,
): Authorizer | "AWS_IAM" | undefined {
  const auth: PropertyReader = api.map("Auth");
  if (auth.names.length === 0) {
    return;
  }
  const type = auth.requiredText("AuthType");
  if (type === "NONE") {
    return;
  }
  if (!api.map("Routes").names.includes("$connect")) {
    api.fail("Auth", "authorization needs a $connect route");
  }
  if (type === "AWS_IAM") {
    return auth.names.length === 1 ? type : api.fail("Auth", "AWS_IAM allows nothing beside it");
  }
  if (type !== "CUSTOM") {
    auth.fail("AuthType", `${type} is none of CUSTOM, AWS_IAM and NONE`);
  }
  const arn = auth.requiredText("AuthArn");
  const functionId = functionIds.get(arn);
  return functionId === undefined
    ? auth.fail("AuthArn", `${arn} is no Node.js function of this template`)
    : { functionId, identitySources: readIdentitySources(auth) };
}

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

const SOURCE =
  /^(route\.request\.(header|querystring)\.\S+|stageVariables\.\w+|context\.\w+(\.\w+)*)$/;

/**
 * Reads the IdentitySource of an authorizer: a list, or one text with commas. Throws a TemplateError for what is no
 * source of a WebSocket API; the `$request…` expressions are those of HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
function readIdentitySources(properties: PropertyReader): readonly string[] {
  const sources = properties
    .texts("IdentitySource")
    .flatMap((text) => text.split(","))
    .map((source) => source.trim());
  const wrong = sources.find((source) => !SOURCE.test(source));
  return wrong === undefined
    ? sources
    : properties.fail("IdentitySource", `${wrong} is no identity source of a WebSocket API`);
}
