import { readInvokedFunction, requireLambdaPermission } from "./invoked-functions.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import type { Authorizer } from "./web-socket-api.ts";

/** What `$connect` has to pass; NONE when everyone may connect. */
type Authorization = Authorizer | "AWS_IAM" | "NONE";

/** What the authorizer of an API is read with, at one of its stages. */
interface AuthorizerContext {
  readonly api: TemplateResource;
  /** The logical ids of the functions that run here, by ARN. */
  readonly functionIds: ReadonlyMap<string, string>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/**
 * Reads the Auth of an `AWS::Serverless::WebSocketApi`. Its type has to be in capitals: SAM accepts other spellings, and
 * then deploys no authorization.
 *
 * Throws a TemplateError where SAM rejects the template.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-websocketapi-authconfiguration.html
 */
export function readSamAuthorizer(
  api: PropertyReader,
  functionIds: ReadonlyMap<string, string>,
): Authorization {
  const auth: PropertyReader = api.map("Auth");
  const type = auth.names.length === 0 ? "NONE" : auth.requiredString("AuthType");
  if (type === "NONE") {
    return type;
  }
  if (!api.map("Routes").names.includes("$connect")) {
    api.fail("Auth", "authorization needs a $connect route");
  }
  if (type === "AWS_IAM") {
    return auth.names.length === 1 ? type : api.fail("Auth", "AWS_IAM allows no other property");
  }
  if (type !== "CUSTOM") {
    auth.fail("AuthType", `${type} is not a valid type: CUSTOM, AWS_IAM and NONE are`);
  }
  const { functionId } = readInvokedFunction(auth, "AuthArn", functionIds);
  return { functionId, identitySources: readIdentitySources(auth) };
}

/**
 * Reads the authorization of a route, and its `AWS::ApiGatewayV2::Authorizer`.
 *
 * Throws a TemplateError for an authorization of any route but `$connect`, for another one than CUSTOM or AWS_IAM, for an
 * authorizer of another type than REQUEST, and for one whose function API Gateway may not invoke.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
export function readCloudFormationAuthorizer(
  scope: Scope,
  route: PropertyReader,
  { api, functionIds, stageVariables }: AuthorizerContext,
): Authorization {
  const authorization = route.string("AuthorizationType") ?? "NONE";
  if (authorization === "NONE") {
    return authorization;
  }
  if (authorization !== "CUSTOM" && authorization !== "AWS_IAM") {
    route.fail("AuthorizationType", `${authorization} is not valid for WebSocket APIs`);
  }
  if (route.string("RouteKey") !== "$connect") {
    route.fail("AuthorizationType", "only $connect can have an authorization");
  }
  if (authorization === "AWS_IAM") {
    return authorization;
  }
  const id = route.requiredString("AuthorizerId");
  const resource = existingResources(scope, "AWS::ApiGatewayV2::Authorizer").find(
    ({ logicalId }) => logicalId === id,
  );
  if (resource === undefined) {
    return route.fail("AuthorizerId", `${id} is not an authorizer of this template`);
  }
  const authorizer: PropertyReader = PropertyReader.of(scope, resource);
  const type = authorizer.requiredString("AuthorizerType");
  if (type !== "REQUEST") {
    authorizer.fail("AuthorizerType", `${type} is not valid for WebSocket APIs, only REQUEST is`);
  }
  const invoked = readInvokedFunction(authorizer, "AuthorizerUri", functionIds, stageVariables);
  // With credentials a role allows API Gateway to invoke the function.
  const credentials = authorizer.withPlaceholders(() =>
    authorizer.string("AuthorizerCredentialsArn"),
  );
  if (credentials.value === undefined) {
    const source = `authorizers/${id}`;
    requireLambdaPermission(scope, { ...invoked, api, source }, (message) =>
      authorizer.fail("AuthorizerUri", message),
    );
  }
  return { functionId: invoked.functionId, identitySources: readIdentitySources(authorizer) };
}

const SOURCE =
  /^(route\.request\.(header|querystring)\.\S+|stageVariables\.\w+|context\.\w+(\.\w+)*)$/;

/**
 * Reads the IdentitySource of an authorizer: a list, or one string with commas. Throws a TemplateError for one that
 * is not valid in a WebSocket API; the `$request…` expressions are those of HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
function readIdentitySources(properties: PropertyReader): readonly string[] {
  const sources = properties
    .strings("IdentitySource")
    .flatMap((list) => list.split(","))
    .map((source) => source.trim());
  const invalid = sources.find((source) => !SOURCE.test(source));
  if (invalid !== undefined) {
    const message = `${invalid} is not a valid identity source of a WebSocket API`;
    properties.fail("IdentitySource", message);
  }
  return sources;
}
