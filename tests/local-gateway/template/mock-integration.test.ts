// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { invalid, unsupported } from "./template-problems.ts";
import { readText } from "./templates.ts";

/** An API whose one route has a MOCK integration; the parts are properties of it and of its response. */
const template = ({ integration = "", response = "", resources = "" } = {}) => `
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  Ping:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: ping, Target: !Sub "integrations/\${Pong}" }
  Pong:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Chat
      IntegrationType: MOCK
${integration}
${response && `  Answer:\n    Type: AWS::ApiGatewayV2::IntegrationResponse\n    Properties:\n      ApiId: !Ref Chat\n      IntegrationId: !Ref Pong\n${response}`}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: dev, AutoDeploy: true }
${resources}`;

const REQUEST = `      RequestTemplates: { $default: '{"statusCode":200}' }`;

async function mockOf(parts: Parameters<typeof template>[0]) {
  const { api } = await readText(template(parts));
  return api.routes.get("ping")?.mock;
}

test.each([
  ["no template at all", {}, { statusCode: 200 }],
  [
    "a template for $default, and a response for every status",
    {
      integration: REQUEST,
      response: `      IntegrationResponseKey: $default\n      ResponseTemplates: { $default: pong }`,
    },
    { statusCode: 200, body: "pong" },
  ],
  [
    "templates that constant expressions choose",
    {
      integration: `      TemplateSelectionExpression: "204"\n      RequestTemplates: { "200": '{"statusCode":200}', "204": '{statusCode: 204}' }`,
      response: `      IntegrationResponseKey: /2\\d\\d/\n      TemplateSelectionExpression: \\$default\n      ResponseTemplates: { $default: yes, other: "no" }`,
    },
    { statusCode: 204, body: "true" },
  ],
  [
    "a response template that the status chooses",
    {
      integration: REQUEST,
      response: `      IntegrationResponseKey: /200/\n      TemplateSelectionExpression: \${integration.response.statuscode}\n      ResponseTemplates: { "200": pong, "500": "no" }`,
    },
    { statusCode: 200, body: "pong" },
  ],
  [
    "the only template, whatever its key",
    { integration: `      RequestTemplates: { application/json: '{ "statusCode" : 403 }' }` },
    { statusCode: 403 },
  ],
  [
    "a response without a template",
    { integration: REQUEST, response: "      IntegrationResponseKey: /200/" },
    { statusCode: 200, body: "" },
  ],
  [
    "a response for another status only",
    {
      integration: REQUEST,
      response: `      IntegrationResponseKey: /20/\n      ResponseTemplates: { $default: pong }`,
    },
    { statusCode: 200 },
  ],
])("a MOCK integration is read: %s", async (_what, parts, mock) => {
  expect(await mockOf(parts)).toEqual(mock);
});

test.each([
  [
    "a request template in Velocity",
    { integration: `      RequestTemplates: { $default: '{"statusCode":$input.body}' }` },
    unsupported(
      "template.yaml:14: Pong, Properties.RequestTemplates.$default: Velocity is not supported, only a template without $ and # is",
    ),
  ],
  [
    "a response template in Velocity",
    {
      response: `      IntegrationResponseKey: $default\n      ResponseTemplates: { $default: "#set(a)" }`,
    },
    unsupported("Answer, Properties.ResponseTemplates.$default: Velocity is not supported"),
  ],
  [
    "a template that the message chooses",
    {
      integration: `      TemplateSelectionExpression: $request.body.kind\n      RequestTemplates: { a: '{"statusCode":200}' }`,
    },
    unsupported(
      "Pong, Properties.TemplateSelectionExpression: $request.body.kind is not supported, only a constant text is",
    ),
  ],
  [
    "a template that does not exist",
    { integration: `      TemplateSelectionExpression: a\n      RequestTemplates: { b: x, c: x }` },
    invalid("Pong, Properties.RequestTemplates: there is no template for a, and none for $default"),
  ],
  [
    "a request template without a status",
    { integration: `      RequestTemplates: { $default: '{"status":200}' }` },
    invalid(
      'Pong, Properties.RequestTemplates: needs a status for MOCK, such as {"statusCode":200}',
    ),
  ],
  [
    "a response that maps a parameter",
    {
      response: `      IntegrationResponseKey: $default\n      ResponseParameters: { a: "'b'" }`,
    },
    unsupported("Answer, Properties.ResponseParameters: the mapping of parameters is not"),
  ],
  [
    "a response whose key is not an expression",
    { response: "      IntegrationResponseKey: /(/" },
    invalid("Answer, Properties.IntegrationResponseKey: /(/ is not a valid expression"),
  ],
])("%s is an error with its place", async (_what, parts, problem) => {
  await expect(readText(template(parts))).rejects.toMatchObject(problem);
});

test("what AWS may not answer is a warning", async () => {
  const integration = "      RequestTemplates: { $default: '{statusCode: 200}' }";
  const { warnings } = await readText(template({ integration }));
  expect(warnings).toEqual([
    expect.stringContaining("Pong, Properties.RequestTemplates: is not JSON: AWS may not answer"),
    expect.stringContaining("Pong: has no IntegrationResponse for the status 200: on AWS, MOCK"),
  ]);
  const response = "      IntegrationResponseKey: $default";
  expect((await readText(template({ integration: REQUEST, response }))).warnings).toEqual([]);
});

test("what no route uses is not read", async () => {
  const resources = `
  Unused:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Chat, IntegrationType: AWS, RequestTemplates: { a: $input.body } }
  Message:
    Type: AWS::ApiGatewayV2::Model
    Properties: { ApiId: !Ref Chat, Name: Message, Schema: {} }`;
  expect(await mockOf({ resources })).toEqual({ statusCode: 200 });
});

test("a response of an integration elsewhere is left out", async () => {
  const resources = `
  Elsewhere:
    Type: AWS::ApiGatewayV2::IntegrationResponse
    Properties:
      ApiId: !ImportValue OtherApi
      IntegrationId: !ImportValue OtherIntegration
      IntegrationResponseKey: /200/
      ResponseTemplates: { $default: elsewhere }`;
  const response = `      IntegrationResponseKey: $default\n      ResponseTemplates: { $default: pong }`;
  expect(await mockOf({ integration: REQUEST, response, resources })).toEqual({
    statusCode: 200,
    body: "pong",
  });
});
