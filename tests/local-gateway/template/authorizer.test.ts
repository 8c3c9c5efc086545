// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { invalid, unsupported } from "./template-problems.ts";
import { readText } from "./templates.ts";

const FUNCTIONS = `
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }
  Guard:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }`;

const sam = (auth: string, routeKey = "$connect") => `
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.kind
      StageVariables: { color: blue, size: 1 }
      Auth: ${auth}
      Routes:
        ${routeKey}: { FunctionArn: !GetAtt Fn.Arn }
${FUNCTIONS}`;

const plain = ({ routeKey = "$connect", type = "REQUEST", authorization = "CUSTOM" } = {}) => `
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  ConnectRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Chat
      RouteKey: ${routeKey}
      AuthorizationType: ${authorization}
      AuthorizerId: !Ref Authorizer
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Chat
      AuthorizerType: ${type}
      AuthorizerUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Guard.Arn}/invocations
      IdentitySource: [route.request.header.Auth, context.identity.sourceIp]
      Name: guard
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: live, AutoDeploy: true }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Guard, Principal: apigateway.amazonaws.com }
${FUNCTIONS}`;

test("SAM's authorizer has its function and its identity sources", async () => {
  const auth =
    "{ AuthType: CUSTOM, AuthArn: !GetAtt Guard.Arn, IdentitySource: [route.request.header.Auth], Name: n }";
  const { api } = await readText(sam(auth));
  expect(api.authorizer).toEqual({
    functionId: "Guard",
    identitySources: ["route.request.header.Auth"],
  });
  expect(api.stageVariables).toEqual({ color: "blue", size: "1" });
});

test("one text may have several identity sources, and there may be none", async () => {
  const auth = (source: string) => `{ AuthType: CUSTOM, AuthArn: !GetAtt Guard.Arn${source} }`;
  const { api } = await readText(
    sam(auth(', IdentitySource: "route.request.header.A, stageVariables.color"')),
  );
  expect(api.authorizer).toMatchObject({
    identitySources: ["route.request.header.A", "stageVariables.color"],
  });
  const without = await readText(sam(auth("")));
  expect(without.api.authorizer).toMatchObject({ identitySources: [] });
});

test.each(["{ AuthType: NONE }", "{}"])("everyone may connect with Auth: %s", async (auth) => {
  expect((await readText(sam(auth))).api).not.toHaveProperty("authorizer");
});

test.each([
  [
    "{ AuthType: AWS_IAM, Name: n }",
    invalid("Chat, Properties.Auth: AWS_IAM allows no other property"),
  ],
  [
    "{ AuthType: custom }",
    invalid("Auth.AuthType: custom is not a valid type: CUSTOM, AWS_IAM and NONE are"),
  ],
  ["{ Name: n }", invalid("Chat, Properties.Auth.AuthType: is missing")],
  ["{ AuthType: CUSTOM }", invalid("Chat, Properties.Auth.AuthArn: is missing")],
  [
    "{ AuthType: CUSTOM, AuthArn: x }",
    unsupported("Auth.AuthArn: x is not a function of this template"),
  ],
  [
    "{ AuthType: CUSTOM, AuthArn: !GetAtt Guard.Arn, IdentitySource: [$request.header.Auth] }",
    invalid(
      "Auth.IdentitySource: $request.header.Auth is not a valid identity source of a WebSocket API",
    ),
  ],
])("Auth: %s is an error with its place", async (auth, problem) => {
  await expect(readText(sam(auth))).rejects.toMatchObject(problem);
});

test("a signature can be asked for instead of an authorizer, with SAM and without", async () => {
  expect((await readText(sam("{ AuthType: AWS_IAM }"))).api.authorizer).toBe("AWS_IAM");
  expect((await readText(plain({ authorization: "AWS_IAM" }))).api.authorizer).toBe("AWS_IAM");
});

test("an authorization without a $connect route is an error", async () => {
  const auth = "{ AuthType: CUSTOM, AuthArn: !GetAtt Guard.Arn }";
  await expect(readText(sam(auth, "say"))).rejects.toMatchObject(
    invalid("Chat, Properties.Auth: authorization needs a $connect route"),
  );
});

test("an authorizer written without SAM is the $connect route's", async () => {
  const { api } = await readText(plain());
  expect(api.authorizer).toEqual({
    functionId: "Guard",
    identitySources: ["route.request.header.Auth", "context.identity.sourceIp"],
  });
});

test.each([
  [{ routeKey: "say" }, "ConnectRoute, Properties.AuthorizationType: only $connect can have an"],
  [
    { authorization: "JWT" },
    "ConnectRoute, Properties.AuthorizationType: JWT is not valid for WebSocket APIs",
  ],
  [
    { type: "JWT" },
    "Authorizer, Properties.AuthorizerType: JWT is not valid for WebSocket APIs, only REQUEST is",
  ],
])("an authorization %j is an error with its place", async (parts, message) => {
  await expect(readText(plain(parts))).rejects.toMatchObject(invalid(message));
});

test("an authorizer that the template does not have, or whose function it does not have, is an error", async () => {
  await expect(readText(plain().replace("!Ref Authorizer", "abc123"))).rejects.toMatchObject(
    invalid("ConnectRoute, Properties.AuthorizerId: abc123 is not an authorizer of this template"),
  );
  await expect(readText(plain().replace("${Guard.Arn}", "arn:aws:lambda:x"))).rejects.toMatchObject(
    unsupported("Authorizer, Properties.AuthorizerUri: arn:aws:lambda:x is not a function"),
  );
});
