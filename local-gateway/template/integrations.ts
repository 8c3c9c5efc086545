import { type InvokedFunction, readInvokedFunction } from "./invoked-functions.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { DEFAULT_INTEGRATION_TIMEOUT, type MockIntegration } from "./web-socket-api.ts";

/** What is behind a route. */
type Integration =
  | {
      readonly kind: "function";
      readonly invoked: InvokedFunction;
      /** In milliseconds. */
      readonly timeout: number;
      /** A role, and not an AWS::Lambda::Permission, allows API Gateway to invoke the function. */
      readonly hasCredentials: boolean;
    }
  | { readonly kind: "mock"; readonly mock: MockIntegration };

/** What integrations are read with. */
export interface IntegrationContext {
  /** The logical ids of the functions that run here, by ARN. */
  readonly functionIds: ReadonlyMap<string, string>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/**
 * Reads the `AWS::ApiGatewayV2::Integration` that is the target of a route.
 *
 * @throws {TemplateError} when there is none, when it is neither a Lambda proxy integration nor a MOCK integration, or when
 *   it maps what passes through it
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html
 */
export function readIntegration(
  scope: Scope,
  { functionIds, stageVariables }: IntegrationContext,
  route: PropertyReader,
  target: string,
): Integration {
  const integration = existingResources(scope, "AWS::ApiGatewayV2::Integration").find(
    ({ logicalId }) => target === `integrations/${logicalId}`,
  );
  if (integration === undefined) {
    return route.fail("Target", `${target} is not an integration of this template`);
  }
  const properties: PropertyReader = PropertyReader.of(scope, integration);
  const type = properties.requiredString("IntegrationType");
  if (type !== "AWS_PROXY" && type !== "MOCK") {
    const message = `${type} is not supported, only AWS_PROXY and MOCK are`;
    properties.unsupported("IntegrationType", message);
  }
  rejectMapping(properties, "RequestParameters");
  if (type === "MOCK") {
    return { kind: "mock", mock: readMock(scope, integration, properties) };
  }
  if (properties.names.includes("RequestTemplates")) {
    const message = "has no effect: AWS_PROXY passes the message through as it is";
    scope.warn(properties.path("RequestTemplates"), message);
  }
  return {
    kind: "function",
    invoked: readInvokedFunction(properties, "IntegrationUri", functionIds, stageVariables),
    timeout: properties.number("TimeoutInMillis") ?? DEFAULT_INTEGRATION_TIMEOUT,
    hasCredentials:
      properties.withPlaceholders(() => properties.string("CredentialsArn")).value !== undefined,
  };
}

function rejectMapping(properties: PropertyReader, name: string): void {
  if (properties.map(name).names.length > 0) {
    properties.unsupported(name, "the mapping of parameters is not supported");
  }
}

/** With or without its quotes, as API Gateway reads it. */
const STATUS_CODE = /["']?statusCode["']?\s*:\s*["']?(?<statusCode>[1-5]\d\d)\b/;

/** The status of a MOCK integration without a request template: our own choice. */
const DEFAULT_STATUS = 200;

function readMock(
  scope: Scope,
  integration: TemplateResource,
  properties: PropertyReader,
): MockIntegration {
  const template = readTemplate(properties, "RequestTemplates", {});
  const found = template === undefined ? DEFAULT_STATUS : STATUS_CODE.exec(template)?.groups;
  if (found === undefined) {
    properties.fail("RequestTemplates", 'needs a status for MOCK, such as {"statusCode":200}');
  }
  const statusCode = typeof found === "number" ? found : Number(found?.statusCode);
  if (template !== undefined && !isJson(template)) {
    scope.warn(properties.path("RequestTemplates"), "is not JSON: AWS may not answer then");
  }
  const response = integrationResponse(scope, integration, statusCode);
  if (response === undefined) {
    const message = `has no IntegrationResponse for the status ${statusCode}: on AWS, MOCK needs one`;
    scope.warn(["Resources", integration.logicalId], message);
    return { statusCode };
  }
  rejectMapping(response, "ResponseParameters");
  const variables = { "integration.response.statuscode": String(statusCode) };
  return { statusCode, body: readTemplate(response, "ResponseTemplates", variables) ?? "" };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The integration response for a status: the first whose key, an expression between slashes, matches it, else the one with
 * the key `$default`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html
 */
function integrationResponse(
  scope: Scope,
  { logicalId }: TemplateResource,
  statusCode: number,
): PropertyReader | undefined {
  const responses = existingResources(scope, "AWS::ApiGatewayV2::IntegrationResponse")
    .map((resource): PropertyReader => PropertyReader.of(scope, resource))
    .filter((response) => {
      // One whose value only AWS knows belongs to an integration elsewhere.
      const id = response.withPlaceholders(() => response.requiredString("IntegrationId"));
      return id.value === logicalId;
    });
  return (
    responses.find((response) => keyMatches(response, String(statusCode))) ??
    responses.find((response) => response.string("IntegrationResponseKey") === "$default")
  );
}

function keyMatches(response: PropertyReader, statusCode: string): boolean {
  const key = response.requiredString("IntegrationResponseKey");
  const expression = /^\/(?<source>.*)\/$/s.exec(key)?.groups?.source;
  if (expression === undefined) {
    return key === statusCode;
  }
  try {
    return new RegExp(`^(?:${expression})$`).test(statusCode);
  } catch {
    return response.fail("IntegrationResponseKey", `${key} is not a valid expression`);
  }
}

const DEFAULT_KEY = "$default";

/**
 * The template that the TemplateSelectionExpression next to it chooses: by its key, else the one for `$default`, else the
 * only one there is. Undefined when there are no templates.
 *
 * @param variables what the expression may refer to, next to constant text
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-transformations.html
 */
function readTemplate(
  properties: PropertyReader,
  name: string,
  variables: Readonly<Record<string, string>>,
): string | undefined {
  const templates: PropertyReader = properties.map(name);
  const selected = selectedKey(properties, variables);
  const [only, ...others] = templates.names;
  if (only === undefined) {
    return;
  }
  const key =
    [selected, DEFAULT_KEY].find((candidate) => templates.names.includes(candidate)) ??
    (others.length === 0
      ? only
      : properties.fail(name, `there is no template for ${selected}, and none for ${DEFAULT_KEY}`));
  const template = templates.string(key) ?? "";
  return /[$#]/.test(template)
    ? templates.unsupported(key, "Velocity is not supported, only a template without $ and # is")
    : template;
}

/** The dollar sign of `$default` may be escaped. */
function selectedKey(
  properties: PropertyReader,
  variables: Readonly<Record<string, string>>,
): string {
  const name = "TemplateSelectionExpression";
  const expression = properties.string(name) ?? DEFAULT_KEY;
  if (expression.replace("\\$", "$") === DEFAULT_KEY) {
    return DEFAULT_KEY;
  }
  const known = Object.entries(variables).reduce(
    (text, [variable, value]) =>
      text.replaceAll(`\${${variable}}`, value).replaceAll(`$${variable}`, value),
    expression,
  );
  return known.includes("$")
    ? properties.unsupported(name, `${expression} is not supported, only a constant text is`)
    : known;
}
