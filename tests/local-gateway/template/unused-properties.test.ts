import { readText, smallTemplate } from "./templates.ts";

const FUNCTION = "Type: AWS::Serverless::Function";

/** The warnings about a template, from the resource on. */
async function warningsOf(text: string): Promise<string[]> {
  const { warnings } = await readText(text);
  return warnings.map((warning) => warning.replace(/^.*template\.yaml:\d+: /, ""));
}

const withApi = (property: string) =>
  smallTemplate().replace("    Properties:\n", `    Properties:\n      ${property}\n`);

test.each([
  ["IpAddressType: dualstack", "the gateway listens on the address of --host"],
  ["ApiKeySelectionExpression: $request.header.x-api-key", "API keys are not checked"],
  ["DisableExecuteApiEndpoint: true", "clients connect to the API's own address"],
  ["AccessLogSettings: { DestinationArn: a }", "no access log is written"],
])("%s of an API is a warning", async (property, effect) => {
  const [name] = property.split(":");
  expect(await warningsOf(withApi(property))).toEqual([
    `Api, Properties.${name}: has no effect here: ${effect}`,
  ]);
});

test.each([
  ["CapacityProviderConfig: { Arn: a }", "CapacityProviderConfig: has no effect here"],
  [
    "FunctionUrlConfig: { AuthType: NONE }",
    "FunctionUrlConfig: has no effect here: the function has no URL",
  ],
  ["Enviroment: {}", "Enviroment: has no effect here; did you mean Environment?"],
])("%s of a function is a warning", async (property, warning) => {
  const text = smallTemplate({ properties: `      ${property}` });
  expect(await warningsOf(text)).toEqual([`Fn, Properties.${warning}`]);
});

test("where failed events go is a warning, and how often they are tried is none", async () => {
  const properties = `      RecursiveLoop: Allow
      EventInvokeConfig:
        MaximumRetryAttempts: 1
        DestinationConfig: { OnFailure: { Type: SQS } }`;
  expect(await warningsOf(smallTemplate({ properties }))).toEqual([
    "Fn, Properties.EventInvokeConfig.DestinationConfig: has no effect here: what has failed is dropped",
  ]);
});

test("what only describes, traces or deploys is no warning", async () => {
  const properties = `      Description: a
      Tags: { A: b }
      Architectures: [arm64]
      Tracing: Active
      KmsKeyArn: !ImportValue key
      DeploymentPreference: { Type: AllAtOnce }`;
  expect(await warningsOf(smallTemplate({ properties }))).toEqual([]);
});

test.each(["DisableExecuteApiEndpoint: false", "IpAddressType: ipv4"])(
  "%s is what the gateway does, and no warning",
  async (property) => {
    expect(await warningsOf(withApi(property))).toEqual([]);
  },
);

test("a property that several functions have is one line", async () => {
  const text = smallTemplate({
    sections: "Globals: { Function: { VpcConfig: { SubnetIds: [!ImportValue subnet] } } }",
    resources: `  Other: { ${FUNCTION}, Properties: { Runtime: nodejs24.x, Handler: a.b } }
  Left: { ${FUNCTION}, Properties: { Runtime: nodejs24.x, Handler: a.b, CodeUri: s3://a/b } }`,
  });
  expect(await warningsOf(text)).toEqual([
    expect.stringContaining("Left is left out"),
    "Fn, Properties.VpcConfig: has no effect here: a function has the network of this machine; the same for Other",
  ]);
});

test.each(["!Ref AWS::NoValue", "!If [Never, { SubnetIds: [a] }, !Ref AWS::NoValue]"])(
  "a property that is %s is no warning",
  async (value) => {
    const sections = "Conditions: { Never: !Equals [a, b] }";
    const properties = `      VpcConfig: ${value}`;
    expect(await warningsOf(smallTemplate({ sections, properties }))).toEqual([]);
  },
);

const PLAIN = `
  Plain: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.a, Body: {} } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Plain, StageName: dev, AutoDeploy: true, ClientCertificateId: a } }
  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, CorsConfiguration: {} } }
  WebStage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Web, StageName: dev, AccessLogSettings: {} } }
  Fn: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Code: ., SnapStart: {} } }
`;

test("an API, a stage and a function without SAM are read like that, too, and an HTTP API is not", async () => {
  expect(await warningsOf(`Resources:${PLAIN}`)).toEqual([
    "Plain, Properties.Body: has no effect here",
    "Stage, Properties.ClientCertificateId: has no effect here",
    "Fn, Properties.SnapStart: has no effect here",
    expect.stringContaining("only WebSocket APIs run here"),
  ]);
});
