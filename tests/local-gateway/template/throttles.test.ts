import { invalid } from "./template-problems.ts";
import { readText } from "./templates.ts";

const ROUTES = `
      Routes:
        $connect: { FunctionArn: !GetAtt Fn.Arn }
        say: { FunctionArn: !GetAtt Fn.Arn }`;

/** The throttles of an API with two routes, by route key. */
async function throttlesOf(settings: string, routes = ROUTES) {
  const { api } = await readText(`
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.kind
${settings}
${routes}
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }`);
  return Object.fromEntries(
    Array.from(api.routes.values(), (route) => [route.routeKey, route.throttle]),
  );
}

test("without settings no route is throttled", async () => {
  expect(await throttlesOf("")).toEqual({});
});

test("default settings are the limits of every route", async () => {
  const setBy = "DefaultRouteSettings";
  const settings =
    "      DefaultRouteSettings: { ThrottlingRateLimit: 2.5, ThrottlingBurstLimit: '5' }";
  expect(await throttlesOf(settings)).toEqual({
    $connect: { rate: 2.5, burst: 5, setBy },
    say: { rate: 2.5, burst: 5, setBy },
  });
});

test("a route's own settings replace the default's", async () => {
  const settings = `
      DefaultRouteSettings: { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 5 }
      RouteSettings:
        say: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 }
        $connect: { DetailedMetricsEnabled: true }`;
  expect(await throttlesOf(settings)).toEqual({
    $connect: { rate: 2, burst: 5, setBy: "DefaultRouteSettings" },
    say: { rate: 1, burst: 1, setBy: "RouteSettings" },
  });
});

test("a limit that a template leaves out is the account's", async () => {
  const settings = "      RouteSettings: { say: { ThrottlingBurstLimit: 1 } }";
  expect(await throttlesOf(settings)).toEqual({
    say: { rate: 10_000, burst: 1, setBy: "RouteSettings" },
  });
  const other = "      RouteSettings: { say: { ThrottlingRateLimit: 1 } }";
  expect(await throttlesOf(other)).toMatchObject({ say: { rate: 1, burst: 5_000 } });
});

test.each([
  ["DefaultRouteSettings: { ThrottlingRateLimit: many }", 'must be a number, not "many"'],
  [
    "DefaultRouteSettings: { ThrottlingBurstLimit: -1 }",
    "ThrottlingBurstLimit: must not be below 0",
  ],
  [
    "RouteSettings: { shout: {} }",
    "Chat, Properties.RouteSettings.shout: there is no route with this key",
  ],
])("%s is an error with its place", async (settings, message) => {
  await expect(throttlesOf(`      ${settings}`)).rejects.toMatchObject(invalid(message));
});

test("a stage written without SAM has the limits of its routes", async () => {
  const { api } = await readText(`
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  SayRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: say }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Chat
      StageName: live
      AutoDeploy: true
      StageVariables: { color: blue }
      DefaultRouteSettings: { ThrottlingRateLimit: 3, ThrottlingBurstLimit: 4 }
`);
  expect(api.routes.get("say")?.throttle).toMatchObject({ rate: 3, burst: 4 });
  expect(api.stageVariables).toEqual({ color: "blue" });
});
