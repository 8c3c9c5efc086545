// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { dirname } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { runCli } from "../support/run-cli.ts";
import { writeApplication } from "./write-application.ts";

const INVOCATIONS =
  "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations";

/** An application that runs, but for its code; the messages below name its lines. */
const TEMPLATE = `Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: $request.body.action
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: $default
      Target: !Sub integrations/\${Integration}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub ${INVOCATIONS}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: dev
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: fn
      Handler: index.handler
      Runtime: nodejs24.x
      Environment: { Variables: { NAME: value } }
  Table:
    Type: AWS::Serverless::SimpleTable
    Properties:
      PrimaryKey: { Name: id, Type: String }
  Bucket:
    Type: AWS::S3::Bucket
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com }
  Deployment:
    Type: AWS::ApiGatewayV2::Deployment
    DependsOn: Route
    Properties: { ApiId: !Ref Api, StageName: dev }
`;

test.each([
  [
    "an HTTP API alone",
    "ProtocolType: WEBSOCKET",
    "ProtocolType: HTTP",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:1: Resources: there is no WebSocket API",
  ],
  [
    "a route selection expression that reads headers",
    "RouteSelectionExpression: $request.body.action",
    "RouteSelectionExpression: $request.header.action",
    "TEMPLATE_UNSUPPORTED",
    'template.yaml:6: Api, Properties.RouteSelectionExpression: The RouteSelectionExpression "$request.header.action" is not supported: only paths below $request.body are, of names and indexes.',
  ],
  [
    "a route without an integration",
    "Target: !Sub integrations/${Integration}",
    "Target: !Sub integrations/${Stage}",
    "TEMPLATE_INVALID",
    "template.yaml:12: Route, Properties.Target: integrations/dev is not an integration of this template",
  ],
  [
    "a route with an authorization for HTTP APIs",
    "RouteKey: $default",
    "AuthorizationType: JWT\n      RouteKey: $default",
    "TEMPLATE_INVALID",
    "template.yaml:11: Route, Properties.AuthorizationType: JWT is not valid for WebSocket APIs",
  ],
  [
    "an integration that is not a function",
    "IntegrationType: AWS_PROXY",
    "IntegrationType: HTTP_PROXY",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:17: Integration, Properties.IntegrationType: HTTP_PROXY is not supported, only AWS_PROXY and MOCK are",
  ],
  [
    "a function that a stage variable names",
    "${Fn.Arn}",
    "${stageVariables.fn}",
    "TEMPLATE_INVALID",
    "template.yaml:18: Integration, Properties.IntegrationUri.Fn::Sub: there is no resource stageVariables",
  ],
  [
    "a function of another stack",
    "${Fn.Arn}",
    "arn:aws:lambda:us-east-1:123456789012:function:other",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:18: Integration, Properties.IntegrationUri: arn:aws:lambda:us-east-1:123456789012:function:other is not a function of this template",
  ],
  [
    "code in S3",
    "CodeUri: fn",
    "CodeUri: { Bucket: code, Key: fn.zip }",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:27: Fn, Properties.CodeUri: must be a folder or a zip file on this machine",
  ],
  [
    "code in S3 in a CloudFormation template",
    "AWS::Serverless::Function\n    Properties:\n      CodeUri: fn",
    "AWS::Lambda::Function\n    Properties:\n      Code: { S3Bucket: !Ref Bucket, S3Key: fn.zip }",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:27: Fn, Properties.Code: must be a folder or a zip file on this machine",
  ],
  [
    "a stage variable that needs another service",
    "StageName: dev",
    "StageName: dev\n      StageVariables: { bucket: !Ref Bucket }",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:24: Stage, Properties.StageVariables.bucket.Ref: Bucket is of the type AWS::S3::Bucket, which does not exist here",
  ],
  [
    "a stage whose name is in the parameter store",
    "StageName: dev",
    "StageName: '{{resolve:ssm:/name}}'",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:23: Stage, Properties.StageName: {{resolve:ssm:/name}} is a value of an account, which does not exist here",
  ],
  [
    "a policy of another stack",
    "Handler: index.handler",
    "Handler: index.handler\n      Policies: !ImportValue policy",
    "TEMPLATE_UNSUPPORTED",
    "template.yaml:29: Fn, Properties.Policies.Fn::ImportValue: policy is exported by another stack, which does not exist here",
  ],
  [
    "a key that no table has",
    "Type: String",
    "Type: Date",
    "TEMPLATE_INVALID",
    "template.yaml:34: Table, Properties.PrimaryKey.Type: must be String, Number or Binary",
  ],
  [
    "a stage without a name",
    "StageName: dev",
    "StageVariables: { a: b }",
    "TEMPLATE_INVALID",
    "template.yaml:21: Stage, Properties.StageName: is missing",
  ],
])("%s is rejected with its place", async (_what, part, other, code, message) => {
  const text = TEMPLATE.replace(part, () => other);
  await using application = await writeApplication({ "template.yaml": text, "fn/index.mjs": "" });
  const { template } = application;
  await expect(startLocalGateway({ template })).rejects.toMatchObject({
    code,
    message: `${dirname(template)}/${message}`,
  });
});

test("a folder of code that is not there is rejected with its place", async () => {
  await using application = await writeApplication({ "template.yaml": TEMPLATE });
  const { template } = application;
  await expect(startLocalGateway({ template })).rejects.toMatchObject({
    code: "TEMPLATE_INVALID",
    message: expect.stringMatching(
      /^\/.*\/template\.yaml:27: Fn, Properties\.CodeUri: \/.*\/fn is neither a folder nor a zip file on this machine$/,
    ),
  });
});

test("on the command line a rejection is one sentence and exit code 1", async () => {
  const text = TEMPLATE.replace("CodeUri: fn", "CodeUri: s3://code/fn.zip");
  await using application = await writeApplication({ "template.yaml": text });
  await using cli = runCli("--template", application.template, "--port", "0");
  expect(await cli.exited).toMatchObject({ code: 1 });
  expect(await cli.errors).toBe(
    `${application.template}:27: Fn, Properties.CodeUri: must be a folder or a zip file on this machine [TEMPLATE_UNSUPPORTED]\n`,
  );
});

test("what may not work as its author thinks is a warning, and the application runs", async () => {
  const text = TEMPLATE.replace(
    "  Integration:\n",
    () => `  Other:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: other }
  Integration:\n`,
  );
  await using application = await writeApplication({ "template.yaml": text, "fn/index.mjs": "" });
  const { template } = application;
  const lines: string[] = [];
  const gateway = await startLocalGateway({ template, onLine: (line) => lines.push(line) });
  await gateway.close();
  expect(lines.map((line) => line.trim())).toContain(
    `template    ${template}:45: Deployment, DependsOn: does not wait for Other: what is deployed may lack them`,
  );
});
