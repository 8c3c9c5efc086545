// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { apiOf } from "../../../local-gateway/template/application.ts";
import { invalid } from "./template-problems.ts";
import { templateFolder } from "./templates.ts";

const INVOCATIONS = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions";

/** An API at two stages, one of them with another function, and an API of SAM with a stage and a route of its own. */
const TEMPLATE = `
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  ChatRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: $default, Target: !Sub "integrations/\${ChatIntegration}" }
  ChatIntegration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Chat
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub ${INVOCATIONS}/arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${!stageVariables.fn}/invocations
      CredentialsArn: arn:aws:iam::123456789012:role/invoke
  Dev:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: dev, AutoDeploy: true, StageVariables: { fn: one } }
  Test:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Chat
      StageName: test
      AutoDeploy: true
      StageVariables: { fn: two }
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2 }
  Audit:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      StageName: prod
      Routes: { $connect: { FunctionArn: !GetAtt Two.Arn } }
  AuditPing:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Audit, RouteKey: ping, Target: !Sub "integrations/\${Pong}" }
  Pong:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Audit, IntegrationType: MOCK }
  One:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: one, Runtime: nodejs24.x, Handler: index.handler }
  Two:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: two, Runtime: nodejs24.x, Handler: index.handler }
`;

async function read(chosen?: { api?: string; stage?: string }, text = TEMPLATE) {
  await using folder = await templateFolder();
  return await folder.read(text, {}, chosen);
}

const names = ({ apis }: Awaited<ReturnType<typeof read>>) =>
  apis.flatMap(({ logicalId, stages }) => stages.map(({ stage }) => `${logicalId} ${stage}`));

test("every API of a template is read, in its order, at each of its stages", async () => {
  expect(names(await read())).toEqual(["Chat dev", "Chat test", "Audit prod"]);
});

test("one API, one stage, or one stage of one API can be chosen", async () => {
  expect(names(await read({ api: "Audit" }))).toEqual(["Audit prod"]);
  expect(names(await read({ api: "Chat", stage: "test" }))).toEqual(["Chat test"]);
  const { warnings, ...application } = await read({ stage: "test" });
  expect(names({ warnings, ...application })).toEqual(["Chat test"]);
  expect(warnings).toEqual([expect.stringContaining("Audit: is left out: it has no stage test")]);
});

test("an API or a stage that the template does not have is an error that names those it has", async () => {
  await expect(read({ api: "Chats" })).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: "The template has no WebSocket API Chats: the APIs are Chat, Audit.",
  });
  await expect(read({ stage: "live" })).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: "The template has no stage live: the stages are dev, test, prod.",
  });
});

test("what an API needs that is not chosen does not matter", async () => {
  const text = TEMPLATE.replace("AWS_PROXY", "HTTP");
  expect(names(await read({ api: "Audit" }, text))).toEqual(["Audit prod"]);
  await expect(read({ api: "Chat" }, text)).rejects.toThrow("HTTP is not supported");
});

test("a stage's variables choose the functions of its routes, and its limits are its own", async () => {
  const { apis } = await read({ api: "Chat" });
  const routes = apis[0].stages.map((api) => api.routes.get("$default"));
  expect(routes).toEqual([
    { routeKey: "$default", twoWay: false, functionId: "One", integrationTimeout: 29_000 },
    {
      routeKey: "$default",
      twoWay: false,
      functionId: "Two",
      integrationTimeout: 29_000,
      throttle: { rate: 5, burst: 2, setBy: "DefaultRouteSettings" },
    },
  ]);
});

test("what a template does without effect is one warning, whatever the number of stages", async () => {
  const templates = `AWS_PROXY\n      RequestTemplates: { $default: $input.body }`;
  const { warnings } = await read(
    { api: "Chat" },
    TEMPLATE.replace("AWS_PROXY", () => templates),
  );
  expect(warnings).toEqual([
    expect.stringContaining("ChatIntegration, Properties.RequestTemplates: has no effect"),
  ]);
});

test("a variable that a stage does not have is an error with its place", async () => {
  await expect(read({}, TEMPLATE.replace("{ fn: two }", "{ f: two }"))).rejects.toMatchObject(
    invalid("ChatIntegration, Properties.IntegrationUri: the stage has no variable fn"),
  );
});

test("an API of SAM has the routes and stages that the template adds to it", async () => {
  const stage = `
  More:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Audit, StageName: more, AutoDeploy: true }`;
  const { apis } = await read({ api: "Audit" }, TEMPLATE + stage);
  const keys = apis[0].stages.map(({ stage: name, routes }) => [name, ...routes.keys()]);
  expect(keys).toEqual([
    ["prod", "$connect", "ping"],
    ["more", "$connect", "ping"],
  ]);
  await expect(read({}, TEMPLATE.replace("RouteKey: ping", "RouteKey: $connect"))).rejects.toThrow(
    "Route with key $connect already exists for this API: AuditConnectRoute",
  );
});

test("a function belongs to the first stage that it is behind", async () => {
  const application = await read();
  expect(apiOf(application, "One")).toMatchObject({ logicalId: "Chat", stage: "dev" });
  expect(apiOf(application, "Two")).toMatchObject({ logicalId: "Chat", stage: "test" });
});
