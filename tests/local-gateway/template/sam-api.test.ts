import { invalid, unsupported } from "./template-problems.ts";
import { readText } from "./templates.ts";

const template = ({ api = "", routes = "", resources = "" }) => `
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.kind
${api}
      Routes:
        $connect: { FunctionArn: !GetAtt Fn.Arn }
${routes}
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }
${resources}`;

test("an API has its routes, each with its function and API Gateway's own timeout", async () => {
  const { api } = await readText(
    template({ routes: "        say: { FunctionArn: !GetAtt Fn.Arn, IntegrationTimeout: 500 }" }),
  );
  expect(api).toMatchObject({
    logicalId: "Chat",
    stage: "default",
    routeSelectionExpression: "$request.body.kind",
  });
  expect([...api.routes.values()]).toEqual([
    { routeKey: "$connect", functionId: "Fn", twoWay: false, integrationTimeout: 29_000 },
    { routeKey: "say", functionId: "Fn", twoWay: false, integrationTimeout: 500 },
  ]);
});

const ANSWERING = `
        sayHello:
          FunctionArn: !GetAtt Fn.Arn
          RouteResponseSelectionExpression: $default
        $default:
          FunctionArn: !GetAtt Fn.Arn
          RouteResponseSelectionExpression: $default`;

const response = (routeId: string, key = "$default") => `
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Chat, RouteId: !Ref ${routeId}, RouteResponseKey: ${key} }`;

test.each([
  ["ChatSayhelloRoute", "$default", ["sayHello"]],
  ["ChatDefaultRoute", "$default", ["$default"]],
  ["ChatConnectRoute", "$default", []],
  ["ChatDefaultRoute", "other", []],
])("a RouteResponse of %s with the key %s makes %j two-way", async (routeId, key, expected) => {
  const { api } = await readText(
    template({ routes: ANSWERING, resources: response(routeId, key) }),
  );
  const twoWay = [...api.routes.values()].filter((route) => route.twoWay);
  expect(twoWay.map(({ routeKey }) => routeKey)).toEqual(expected);
});

test("a RouteResponse of a route that SAM does not generate is an error", async () => {
  const resources = response("ChatSayHelloRoute");
  await expect(readText(template({ routes: ANSWERING, resources }))).rejects.toMatchObject(
    invalid(
      "Response, Properties.RouteId.Ref: there is no resource ChatSayHelloRoute; did you mean ChatSayhelloRoute?",
    ),
  );
});

test("a stage has the name that a parameter gives it", async () => {
  const text = `Parameters: { Stage: { Type: String } }
${template({ api: "      StageName: !Ref Stage" })}`;
  expect((await readText(text, { Stage: "live" })).api.stage).toBe("live");
});

test("a route key with other than letters and digits is an error", async () => {
  const routes = "        say-it: { FunctionArn: !GetAtt Fn.Arn }";
  await expect(readText(template({ routes }))).rejects.toMatchObject(
    invalid(
      "template.yaml:10: Chat, Properties.Routes.say-it: a route key of SAM has letters and digits only",
    ),
  );
});

test("a route that needs an API key is an error", async () => {
  const routes = "        say: { FunctionArn: !GetAtt Fn.Arn, ApiKeyRequired: true }";
  await expect(readText(template({ routes }))).rejects.toMatchObject(
    unsupported("Chat, Properties.Routes.say.ApiKeyRequired: API keys are not supported"),
  );
});

test("a route without a function is an error", async () => {
  await expect(readText(template({ routes: "        say: {}" }))).rejects.toMatchObject(
    invalid("Chat, Properties.Routes.say.FunctionArn: is missing"),
  );
});

test("two route keys to which SAM gives one logical id are an error", async () => {
  const routes = `        say: { FunctionArn: !GetAtt Fn.Arn }
        SAY: { FunctionArn: !GetAtt Fn.Arn }`;
  await expect(readText(template({ routes }))).rejects.toMatchObject(
    invalid("Chat, Properties.Routes.SAY: SAM gives it and say the same logical id, ChatSayRoute"),
  );
});

test("a stage name that AWS rejects is an error", async () => {
  await expect(readText(template({ api: "      StageName: v1.2" }))).rejects.toMatchObject(
    invalid('Chat, Properties.StageName: "v1.2" is not a valid stage name'),
  );
});
