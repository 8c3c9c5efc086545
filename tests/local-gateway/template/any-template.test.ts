import fc from "fast-check";
import { parse } from "yaml";
import { TemplateError } from "../../../local-gateway/template/error.ts";
import { TEMPLATE_TAGS } from "../../../local-gateway/template/file.ts";
import { readText, templateFolder } from "./templates.ts";

type Content = Record<string, unknown> | unknown[];

/** A template with a bit of everything, in which every value is replaced below. */
const WHOLE = parse(
  `
Parameters:
  Stage: { Type: String, Default: live, AllowedPattern: "[a-z]+", MaxLength: 8, AllowedValues: [live] }
  Colours: { Type: CommaDelimitedList, Default: "red,green" }
  Size: { Type: Number, Default: 3, MinValue: 1 }
Rules:
  Colour:
    RuleCondition: !Not [!Equals [!Ref Stage, test]]
    Assertions: [{ Assert: !Contains [!Ref Colours, red], AssertDescription: red is missing }]
Mappings: { Limits: { live: { Memory: 256 } } }
Conditions: { IsLive: !And [!Equals [!Ref Stage, live], !Condition IsSmall], IsSmall: !Equals [!Ref Size, 3] }
Globals: { Function: { Runtime: nodejs24.x, Environment: { Variables: { A: a } } } }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  ConnectRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $connect, AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer }
  SayRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: say
      RouteResponseSelectionExpression: $default
      Target: !Join ["/", [integrations, !Ref Integration]]
  SayResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref SayRoute, RouteResponseKey: $default }
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, TimeoutInMillis: 9 }
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: { ApiId: !Ref Api, AuthorizerType: REQUEST, AuthorizerUri: !GetAtt Fn.Arn, IdentitySource: [route.request.header.Auth] }
  LiveStage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: !Ref Stage
      DeploymentId: !Ref Deployment
      StageVariables: { colour: !Select [0, !Ref Colours] }
      DefaultRouteSettings: { ThrottlingRateLimit: 2 }
      RouteSettings: { say: { ThrottlingBurstLimit: 1 } }
  Deployment:
    Type: AWS::ApiGatewayV2::Deployment
    DependsOn: [ConnectRoute, SayRoute]
    Properties: { ApiId: !Ref Api }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com }
  Fn:
    Type: AWS::Serverless::Function
    Connectors: { Read: { Properties: { Destination: { Id: Table }, Permissions: [Read] } } }
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [a.ts], Minify: true } }
    Properties:
      Handler: index.handler
      CodeUri: src/app
      MemorySize: !FindInMap [Limits, !Ref Stage, Memory]
      ReservedConcurrentExecutions: 2
      AutoPublishAlias: prod
      LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: INFO, LogGroup: !Ref Logs }
      Environment: { Variables: { B: !If [IsLive, !Sub "\${AWS::Region}-\${Stage}", no] } }
      Policies:
        - AWSLambdaBasicExecutionRole
        - DynamoDBCrudPolicy: { TableName: !Ref Table }
        - Statement: [{ Effect: Allow, Action: "execute-api:*", Resource: "*" }]
  Other:
    Type: AWS::Lambda::Function
    Properties: { Handler: a.b, Runtime: nodejs24.x, Code: src/app, Role: !GetAtt Role.Arn }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Managed]
      Policies: [{ PolicyDocument: { Statement: { Effect: Deny, Action: [a:A], Resource: "*" } } }]
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties: { Roles: [!Ref Role], PolicyDocument: { Statement: [] } }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      ProvisionedThroughput: { ReadCapacityUnits: !Ref Size, WriteCapacityUnits: 1 }
      TimeToLiveSpecification: { AttributeName: end, Enabled: true }
  Things: { Type: AWS::Serverless::SimpleTable, Properties: { PrimaryKey: { Name: n, Type: Number } } }
  Logs: { Type: AWS::Logs::LogGroup, Condition: IsLive }
`,
  { customTags: TEMPLATE_TAGS },
);

test("the template without a mistake is read", async () => {
  const { api, functions, tables, warnings } = await readText(JSON.stringify(WHOLE));
  expect([...api.routes.keys()]).toEqual(["$connect", "say"]);
  expect([...functions.keys()]).toEqual(["Fn", "Other"]);
  expect(tables.map(({ logicalId }) => logicalId)).toEqual(["Table", "Things"]);
  expect(warnings).toEqual([]);
});

/** The paths of all values in a template. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [
    ...(path.length > 0 ? [path] : []),
    ...members.flatMap(([key, member]) => pathsOf(member, [...path, key])),
  ];
}

function replaceAt(content: Content, [key = "", ...rest]: readonly string[], value: unknown) {
  const next: unknown = Reflect.get(content, key);
  if (rest.length === 0 || typeof next !== "object" || next === null) {
    Reflect.set(content, key, value);
  } else {
    replaceAt(next as Content, rest, value);
  }
}

/** Values that are wrong almost everywhere: a string that no file name may have, and another type. */
const MISTAKES = ["\0", [[{}]]];

test("a template with a mistake anywhere is read, or is a TemplateError", async () => {
  await using folder = await templateFolder();
  const others: unknown[] = [];
  for (const path of pathsOf(WHOLE)) {
    for (const value of MISTAKES) {
      const content = structuredClone(WHOLE);
      replaceAt(content, path, value);
      const outcome = await folder.read(JSON.stringify(content)).then(
        () => "read",
        (error) => error,
      );
      if (outcome !== "read" && !(outcome instanceof TemplateError)) {
        others.push([path.join("."), value, outcome]);
      }
    }
  }
  expect(others).toEqual([]);
});

test("text that is not a template is a TemplateError", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("a", ":", " ", "\n", "-", "*", "&", "!", "<", "{", "[", "|"),
    }),
  );
  await using folder = await templateFolder();
  await fc.assert(
    fc.asyncProperty(text, async (any) => {
      await expect(folder.read(any)).rejects.toBeInstanceOf(TemplateError);
    }),
    { numRuns: 200 },
  );
});
