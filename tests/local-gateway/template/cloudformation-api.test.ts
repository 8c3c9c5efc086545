// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { invalid, unsupported } from "./template-problems.ts";
import { readText } from "./templates.ts";

const PERMISSION = `
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com }`;

/** The template has an HTTP API next to the WebSocket API. */
const HTTP_API_WARNING = expect.stringContaining("HTTP and REST APIs are left alone: Pages");

const template = ({
  route = "",
  integration = "",
  stage = "DeploymentId: !Ref Deployment",
  deployment = "DependsOn: SayRoute",
  permission = PERMISSION,
  resources = "",
} = {}) => `
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
    Properties: { ApiId: !Ref Chat, StageName: live, ${stage} }
  Deployment:
    Type: AWS::ApiGatewayV2::Deployment
    ${deployment}
    Properties: { ApiId: !Ref Chat }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }
${permission}
${resources}`;

const route = (logicalId: string, routeKey: string) => `
  ${logicalId}:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: ${routeKey} }`;

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

test("a line says so when a route has a RouteResponse and does not answer", async () => {
  const route = "      RouteResponseSelectionExpression: $default";
  const resources = `
  SayResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Chat, RouteId: !Ref SayRoute, RouteResponseKey: $default }`;
  const line =
    "SayRoute, Properties.RouteResponseSelectionExpression: must be $default, or the route does not answer, although it has a RouteResponse";
  const { warnings } = await readText(template({ resources }));
  const warning = expect.stringContaining(line);
  expect(warnings).toContainEqual(warning);
  expect((await readText(template({ route, resources }))).warnings).not.toContainEqual(warning);
  expect((await readText(template({ route }))).warnings).not.toContainEqual(warning);
});

test("an integration may have a timeout of its own", async () => {
  const { api } = await readText(template({ integration: "      TimeoutInMillis: 700" }));
  expect(api.routes.get("say")?.integrationTimeout).toBe(700);
});

test("a route that requires a parameter runs without it, and a line says so", async () => {
  const route = "      RequestParameters: { route.request.querystring.name: { Required: true } }";
  const { api, warnings } = await readText(template({ route }));
  expect(api.routes.has("say")).toBe(true);
  expect(warnings).toContainEqual(
    expect.stringContaining("SayRoute, Properties.RequestParameters: has no effect here"),
  );
});

test("a route without a target has no function", async () => {
  const { api } = await readText(template({ resources: route("ConnectRoute", "$connect") }));
  expect(api.routes.get("$connect")).not.toHaveProperty("functionId");
});

test.each([
  [
    "a route that needs an API key",
    { route: "      ApiKeyRequired: true" },
    unsupported("SayRoute, Properties.ApiKeyRequired: API keys are not supported"),
  ],
  [
    "a route that has a model",
    { route: "      RequestModels: { $default: Message }" },
    unsupported("SayRoute, Properties.RequestModels: models are not supported"),
  ],
  [
    "an integration that maps a parameter",
    { integration: "      RequestParameters: { integration.request.header.a: \"'b'\" }" },
    unsupported(
      "SayIntegration, Properties.RequestParameters: the mapping of parameters is not supported",
    ),
  ],
  [
    "a stage without an API",
    { resources: "  Other:\n    Type: AWS::ApiGatewayV2::Stage\n    Properties: { StageName: x }" },
    invalid("Other, Properties.ApiId: is missing"),
  ],
  [
    "a second stage with the same name",
    {
      resources:
        "  Other:\n    Type: AWS::ApiGatewayV2::Stage\n    Properties: { ApiId: !Ref Chat, StageName: live }",
    },
    invalid("Other, Properties.StageName: Chat has another stage live"),
  ],
  [
    "a second route with the same key",
    { resources: route("Again", "say") },
    invalid("Again, Properties.RouteKey: Route with key say already exists for this API: SayRoute"),
  ],
  [
    "a route key with a $ that is not one of the three",
    { resources: route("Hello", "$hello") },
    invalid(
      'Hello, Properties.RouteKey: The provided route key is not formatted properly: "$hello"',
    ),
  ],
  [
    "a route whose ApiId refers to nothing",
    { resources: route("Lost", "lost").replace("!Ref Chat", "!Ref Chta") },
    invalid("Lost, Properties.ApiId.Ref: there is no resource Chta"),
  ],
  [
    "a stage without a deployment",
    { stage: "AutoDeploy: false" },
    invalid(
      "Stage, Properties.StageName: the stage has no deployment, and AWS answers every upgrade with 403",
    ),
  ],
  [
    "a stage with a deployment of another template",
    { stage: "DeploymentId: abc123" },
    invalid("Stage, Properties.DeploymentId: abc123 is not a deployment of this API"),
  ],
  [
    "a deployment that waits for no route",
    { deployment: "DependsOn: [Fn]" },
    invalid("Deployment, DependsOn: At least one route is required before deploying the Api"),
  ],
  [
    "a deployment that waits for what does not exist",
    { deployment: "DependsOn: [SayRoute, SayRuote]" },
    invalid("Deployment, DependsOn: there is no resource SayRuote; did you mean SayRoute?"),
  ],
  [
    "a deployment that does not say what it waits for",
    { deployment: "" },
    invalid("Deployment, DependsOn: At least one route is required before deploying the Api"),
  ],
])("%s is an error with its place", async (_what, parts, problem) => {
  await expect(readText(template(parts))).rejects.toMatchObject(problem);
});

test("a route of an API that only AWS knows is not this API's", async () => {
  const elsewhere = route("Other", "other").replace("!Ref Chat", "!ImportValue chat");
  const { api } = await readText(template({ resources: elsewhere }));
  expect([...api.routes.keys()]).toEqual(["say"]);
});

test("an integration with something else than a function is an error with its place", async () => {
  const text = template();
  await expect(readText(text.replace("AWS_PROXY", "AWS"))).rejects.toMatchObject(
    unsupported(
      "SayIntegration, Properties.IntegrationType: AWS is not supported, only AWS_PROXY and MOCK are",
    ),
  );
  await expect(readText(text.replace("${Fn.Arn}", "arn:aws:lambda:x"))).rejects.toMatchObject(
    unsupported("SayIntegration, Properties.IntegrationUri: arn:aws:lambda:x is not a function"),
  );
  await expect(readText(text.replace("!Ref SayIntegration", "x"))).rejects.toMatchObject(
    invalid("SayRoute, Properties.Target: integrations/x is not an integration of this template"),
  );
});

test("an API without a stage is an error that names it", async () => {
  const text = template().replace("AWS::ApiGatewayV2::Stage", "AWS::S3::Bucket");
  await expect(readText(text)).rejects.toMatchObject(
    invalid("Chat: has no AWS::ApiGatewayV2::Stage, and needs one"),
  );
});

test.each(["say-it", "say/it", "say.it", "42"])("%s is a route key", async (routeKey) => {
  const { api } = await readText(template({ resources: route("Other", `"${routeKey}"`) }));
  expect(api.routes.has(routeKey)).toBe(true);
});

test.each(["$default", "a-b_C9", "x".repeat(128)])("%s is a stage name", async (name) => {
  const text = template().replace("StageName: live", `StageName: ${name}`);
  expect((await readText(text)).api.stage).toBe(name);
});

test.each(["$live", "a.b", "a/b", "x".repeat(129)])(
  "%s is not a valid stage name",
  async (name) => {
    const text = template().replace("StageName: live", `StageName: ${name}`);
    await expect(readText(text)).rejects.toMatchObject(
      invalid(`Stage, Properties.StageName: "${name}" is not a valid stage name`),
    );
  },
);

test.each([
  ["DeploymentId: !Ref Deployment", "DependsOn: [SayRoute]"],
  ["AutoDeploy: true", "DependsOn: [SayRoute]"],
  ["DeploymentId: !Ref Deployment", "DependsOn: SayResponse"],
  ["AutoDeploy: 'true'", "Metadata: { Route: none }\n    DependsOn: SayRoute"],
])("a stage with %s and a deployment with %s is deployed", async (stage, deployment) => {
  const resources = `
  SayResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Chat, RouteId: !Ref SayRoute, RouteResponseKey: $default }`;
  const route = "      RouteResponseSelectionExpression: $default";
  const { api, warnings } = await readText(template({ stage, deployment, route, resources }));
  expect(api.stage).toBe("live");
  expect(warnings).toEqual([HTTP_API_WARNING]);
});

test("a stage is deployed by a deployment that names it", async () => {
  const text = template({ stage: "AutoDeploy: false" }).replace(
    "Properties: { ApiId: !Ref Chat }",
    "Properties: { ApiId: !Ref Chat, StageName: live }",
  );
  expect((await readText(text)).api.stage).toBe("live");
});

test("a deployment that waits for some routes only is warned about, with the others", async () => {
  const resources = `${route("ConnectRoute", "$connect")}${route("Other", "other")}`;
  const { warnings } = await readText(template({ resources }));
  expect(warnings).toEqual([
    expect.stringMatching(
      /template\.yaml:\d+: Deployment, DependsOn: does not wait for ConnectRoute, Other: what is deployed may lack them$/,
    ),
    HTTP_API_WARNING,
  ]);
});
