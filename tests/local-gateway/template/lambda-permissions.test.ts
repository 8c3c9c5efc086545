// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { invalid } from "./template-problems.ts";
import { readText } from "./templates.ts";

const API_ARN = "arn:aws:execute-api:eu-west-1:123456789012";
const URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";

const resource = (logicalId: string, type: string, properties: object) =>
  `\n  ${logicalId}: ${JSON.stringify({ Type: type, Properties: properties })}`;

const permission = (logicalId: string, functionName: unknown, properties = {}) =>
  resource(logicalId, "AWS::Lambda::Permission", {
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
    FunctionName: functionName,
    ...properties,
  });

/** An API whose route `say` is a function's, and whose authorizer is another one's. */
const template = (
  resources: string,
  { target = "${Fn.Arn}", integration = "", authorizer = "" } = {},
) => `
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  ConnectRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: $connect, AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer }
  SayRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Chat
      RouteKey: say
      Target: !Join ["/", [integrations, !Ref Integration]]
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Chat
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub ${URI}/${target}/invocations
${integration}
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Chat
      AuthorizerType: REQUEST
      AuthorizerUri: !Sub ${URI}/\${Guard.Arn}/invocations
${authorizer}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: live, AutoDeploy: true }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler, AutoPublishAlias: prod }
  Guard:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }
${resources}`;

const GUARDED = permission("Guarded", { Ref: "Guard" });
const SAYING = permission("Saying", { Ref: "Fn" });

const ROUTE_ERROR =
  /template\.yaml:13: SayRoute, Properties\.RouteKey: API Gateway may not invoke Fn: no AWS::Lambda::Permission allows it for arn:aws:execute-api:eu-west-1:123456789012:\w{10}\/live\/say$/;

test.each([
  ["by name", { Ref: "Fn" }, {}],
  ["by ARN", { "Fn::GetAtt": ["Fn", "Arn"] }, {}],
  ["by a part of its ARN", "123456789012:function:local-Fn", {}],
  ["with any action", { Ref: "Fn" }, { Action: "lambda:*" }],
  ["for the route", { Ref: "Fn" }, { SourceArn: { "Fn::Sub": `${API_ARN}:\${Chat}/live/say` } }],
  ["on all stages", { Ref: "Fn" }, { SourceArn: { "Fn::Sub": `${API_ARN}:\${Chat}/*/say` } }],
  ["for the whole API", { Ref: "Fn" }, { SourceArn: { "Fn::Sub": `${API_ARN}:\${Chat}/*` } }],
  ["for this account", { Ref: "Fn" }, { SourceAccount: { Ref: "AWS::AccountId" } }],
])("a permission that names the function %s is enough", async (_what, functionName, properties) => {
  const saying = permission("Saying", functionName, properties);
  const { api } = await readText(template(saying + GUARDED));
  expect(api.routes.get("say")?.functionId).toBe("Fn");
});

test.each([
  ["another function", { Ref: "Guard" }, {}],
  ["an alias of the function", { "Fn::Sub": "${Fn}:prod" }, {}],
  ["another route", { Ref: "Fn" }, { SourceArn: { "Fn::Sub": `${API_ARN}:\${Chat}/*/$default` } }],
  ["another stage", { Ref: "Fn" }, { SourceArn: { "Fn::Sub": `${API_ARN}:\${Chat}/test/say` } }],
  ["another API", { Ref: "Fn" }, { SourceArn: `${API_ARN}:otherother/*` }],
  ["another account", { Ref: "Fn" }, { SourceAccount: "210987654321" }],
  ["another service", { Ref: "Fn" }, { Principal: "s3.amazonaws.com" }],
  ["a bucket", { Ref: "Fn" }, { SourceArn: { "Fn::GetAtt": ["Files", "Arn"] } }],
  ["another stack's function", { "Fn::ImportValue": "Fn" }, {}],
  ["another action", { Ref: "Fn" }, { Action: "lambda:InvokeFunctionUrl" }],
])("a permission of %s is not", async (_what, functionName, properties) => {
  const saying = permission("Saying", functionName, properties);
  const files = resource("Files", "AWS::S3::Bucket", {});
  await expect(readText(template(saying + GUARDED + files))).rejects.toMatchObject(
    invalid(ROUTE_ERROR),
  );
});

test("a route whose function API Gateway may not invoke is an error with its place", async () => {
  await expect(readText(template(GUARDED))).rejects.toMatchObject(invalid(ROUTE_ERROR));
});

test("an authorizer whose function API Gateway may not invoke is an error with its place", async () => {
  await expect(readText(template(SAYING))).rejects.toMatchObject(
    invalid(
      /template\.yaml:27: Authorizer, Properties\.AuthorizerUri: API Gateway may not invoke Guard: no AWS::Lambda::Permission allows it for \S+\/authorizers\/Authorizer$/,
    ),
  );
});

test("a route to an alias needs the permission of the alias", async () => {
  const target = "${Fn.Alias}";
  const own = permission("Saying", { Ref: "Fn.Alias" });
  const { api } = await readText(template(own + GUARDED, { target }));
  expect(api.routes.get("say")?.functionId).toBe("Fn");
  await expect(readText(template(SAYING + GUARDED, { target }))).rejects.toMatchObject(
    invalid(ROUTE_ERROR),
  );
});

test.each(["arn:aws:iam::123456789012:role/invoker", "!ImportValue invoker"])(
  "the role %s for the invocation takes the place of a permission",
  async (role) => {
    const { api } = await readText(
      template("", {
        integration: `      CredentialsArn: ${role}`,
        authorizer: `      AuthorizerCredentialsArn: ${role}`,
      }),
    );
    expect(api.routes.get("say")?.functionId).toBe("Fn");
    expect(api.authorizer).toMatchObject({ functionId: "Guard" });
  },
);

test("a connector from the API takes the place of a permission when it may write", async () => {
  const connector = (access: string) =>
    resource("Connector", "AWS::Serverless::Connector", {
      Source: { Id: "Chat" },
      Destination: [{ Id: "Fn" }, { Id: "Guard" }],
      Permissions: [access],
    });
  const { api } = await readText(template(connector("Write")));
  expect(api.routes.get("say")?.functionId).toBe("Fn");
  await expect(readText(template(connector("Read") + GUARDED))).rejects.toMatchObject(
    invalid(ROUTE_ERROR),
  );
});

test("a permission that refers to nothing is the error when no other one fits", async () => {
  const mistyped = permission("Mistyped", { Ref: "Gaurd" });
  await expect(readText(template(SAYING + mistyped))).rejects.toMatchObject(
    invalid("Mistyped, Properties.FunctionName.Ref: there is no resource Gaurd"),
  );
  const { api } = await readText(template(mistyped + SAYING + GUARDED));
  expect(api.routes.size).toBe(2);
});
