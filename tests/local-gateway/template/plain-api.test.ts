// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { readText } from "./read-text.ts";

const template = ({ route = "", integration = "", resources = "" } = {}) => `
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  Pages:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: HTTP }
  SayRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Chat
      RouteKey: say
      Target: !Join ["/", [integrations, !Ref SayIntegration]]
${route}
  SayIntegration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Chat
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations
${integration}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: live, DeploymentId: !Ref Deployment }
  Deployment:
    Type: AWS::ApiGatewayV2::Deployment
    Properties: { ApiId: !Ref Chat }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }
${resources}`;

test("an API written without SAM has its routes, integrations and stage", async () => {
  const { api } = await readText(template());
  expect(api).toMatchObject({
    logicalId: "Chat",
    stage: "live",
    routeSelectionExpression: "$request.body.kind",
  });
  expect([...api.routes]).toEqual([
    ["say", { routeKey: "say", functionId: "Fn", twoWay: false, integrationTimeout: 29_000 }],
  ]);
});

test("a route is two-way with both a selection expression and a RouteResponse", async () => {
  const route = "      RouteResponseSelectionExpression: $default";
  const resources = `
  SayResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Chat, RouteId: !Ref SayRoute, RouteResponseKey: $default }`;
  const twoWay = async (parts: Parameters<typeof template>[0]) =>
    (await readText(template(parts))).api.routes.get("say")?.twoWay;
  expect(await twoWay({ route, resources })).toBe(true);
  expect(await twoWay({ route })).toBe(false);
  expect(await twoWay({ resources })).toBe(false);
});

test("an integration may have a timeout of its own", async () => {
  const { api } = await readText(template({ integration: "      TimeoutInMillis: 700" }));
  expect(api.routes.get("say")?.integrationTimeout).toBe(700);
});

test("a route without a target has no function", async () => {
  const resources = `
  ConnectRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: $connect }`;
  const { api } = await readText(template({ resources }));
  expect(api.routes.get("$connect")).not.toHaveProperty("functionId");
});

test.each([
  [
    "a route that needs an API key",
    { route: "      ApiKeyRequired: true" },
    "SayRoute, Properties.ApiKeyRequired: API keys do not exist here",
  ],
  [
    "a second stage",
    { resources: "  Other:\n    Type: AWS::ApiGatewayV2::Stage\n    Properties: { StageName: x }" },
    "Chat: needs one AWS::ApiGatewayV2::Stage, no more",
  ],
])("%s is an error with its place", async (_what, parts, message) => {
  await expect(readText(template(parts))).rejects.toThrow(message);
});

test("an integration with something else than a function is an error with its place", async () => {
  const text = template();
  await expect(readText(text.replace("AWS_PROXY", "MOCK"))).rejects.toThrow(
    "SayIntegration, Properties.IntegrationType: MOCK does not exist here, only AWS_PROXY",
  );
  await expect(readText(text.replace("${Fn.Arn}", "arn:aws:lambda:x"))).rejects.toThrow(
    "SayIntegration, Properties.IntegrationUri: arn:aws:lambda:x is no Node.js function",
  );
  await expect(readText(text.replace("!Ref SayIntegration", "x"))).rejects.toThrow(
    "SayRoute, Properties.Target: integrations/x is no integration of this template",
  );
});
