// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.
import { readText, smallTemplate } from "./templates.ts";

const RESOURCES = `
  Work: { Type: AWS::SQS::Queue }
  Named: { Type: AWS::SQS::Queue, Properties: { QueueName: orders } }
  News: { Type: AWS::SNS::Topic }
  Files: { Type: AWS::S3::Bucket }
  Key: { Type: AWS::SecretsManager::Secret }
  Users: { Type: AWS::Cognito::UserPool }
  Client: { Type: AWS::Cognito::UserPoolClient }
  Bus: { Type: AWS::Events::EventBus, Properties: { Name: bus } }
  Flow: { Type: AWS::Serverless::StateMachine }
  Master: { Type: AWS::KMS::Key }
  Global: { Type: AWS::DynamoDB::GlobalTable, Properties: { TableName: people } }
  Cache: { Type: AWS::ElastiCache::ReplicationGroup }
  Custom: { Type: Custom::Thing }
`;

const VARIABLES = "Properties.Environment.Variables";

/** A template whose function has one variable for each expression, V0, V1 and so on. */
function withVariables(expressions: readonly string[]): string {
  const lines = expressions.map((expression, index) => `          V${index}: ${expression}`);
  const properties = `      Environment:\n        Variables:\n${lines.join("\n")}`;
  return smallTemplate({ resources: RESOURCES, properties });
}

const ARN = (rest: string) => expect.stringMatching(new RegExp(`^arn:aws:${rest}$`));

test.each([
  ["!Ref Work", "https://sqs.eu-west-1.amazonaws.com/123456789012/local-Work"],
  ["!GetAtt Work.QueueName", "local-Work"],
  ["!GetAtt Named.Arn", "arn:aws:sqs:eu-west-1:123456789012:orders"],
  ["!Ref News", "arn:aws:sns:eu-west-1:123456789012:local-News"],
  ["!Ref Files", "local-files"],
  ["!Sub '${Files.Arn}/*'", "arn:aws:s3:::local-files/*"],
  ["!Ref Key", ARN("secretsmanager:eu-west-1:123456789012:secret:local-Key-\\w{6}")],
  ["!Ref Users", expect.stringMatching(/^eu-west-1_\w{9}$/)],
  [
    "!GetAtt Users.ProviderURL",
    expect.stringMatching(/^https:\/\/cognito-idp\.eu-west-1\.amazonaws\.com\/eu-west-1_\w{9}$/),
  ],
  ["!Ref Client", expect.stringMatching(/^[a-z0-9]{26}$/)],
  ["!GetAtt Bus.Arn", "arn:aws:events:eu-west-1:123456789012:event-bus/bus"],
  ["!Ref Flow", "arn:aws:states:eu-west-1:123456789012:stateMachine:local-Flow"],
  ["!Ref Master", expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)],
  ["!GetAtt Global.Arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/people"],
  ["!GetAtt Cache.PrimaryEndPoint.Address", "local-cache-primaryendpoint-address.invalid"],
  ["!GetAtt Cache.PrimaryEndPoint.Port", "9"],
  ["!GetAtt Custom.ServiceUrl", "https://local-custom-serviceurl.invalid"],
  ["!GetAtt Custom.Arn", "arn:aws:thing:eu-west-1:123456789012:local-Custom"],
  ["!GetAtt Custom.Colour", "local-Custom-Colour"],
  ["!ImportValue net-QueueArn", "arn:aws:cloudformation:eu-west-1:123456789012:net-Queue"],
  ["!ImportValue { 'Fn::Sub': '${AWS::Region}-name' }", "eu-west-1-name"],
  ["'{{resolve:ssm:/app/name:3}}'", "/app/name"],
  ["'postgres://{{resolve:secretsmanager:db:SecretString:user}}@db'", "postgres://db@db"],
  ["!Sub '{{resolve:secretsmanager:${AWS::Region}:SecretString:key}}'", "eu-west-1"],
  ["!Join ['', ['{{resolve:ssm:', '/a', '}}']]", "/a"],
])(
  "the variable %s has a value of the form that AWS gives, and a warning",
  async (expression, value) => {
    const { functions, warnings } = await readText(withVariables([expression]));
    expect(functions.get("Fn")?.environment).toEqual({ V0: value });
    expect(warnings).toEqual([
      expect.stringMatching(
        /\/template\.yaml:17: Fn, Properties\.Environment\.Variables\.V0: .* does not exist here: the value is a placeholder, and --env-vars FILE gives another one$/,
      ),
    ]);
  },
);

test("the id of an HTTP API is a placeholder, too", async () => {
  const resources = "  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }";
  const properties = "      Environment: { Variables: { WEB: !Ref Web } }";
  const { functions, warnings } = await readText(smallTemplate({ resources, properties }));
  expect(functions.get("Fn")?.environment.WEB).toMatch(/^[a-z0-9]{10}$/);
  expect(warnings).toEqual([
    expect.stringContaining("WEB: Web is of the type AWS::ApiGatewayV2::Api, which does not"),
    expect.stringContaining("only WebSocket APIs run here"),
  ]);
});

test("a warning names what does not exist here", async () => {
  const { warnings } = await readText(
    withVariables(["!Ref Work", "!ImportValue other", "'{{resolve:ssm:/a}}'", "!Ref Fn"]),
  );
  expect(warnings).toEqual([
    expect.stringContaining(`${VARIABLES}.V0: Work is of the type AWS::SQS::Queue, which`),
    expect.stringContaining(`${VARIABLES}.V1: other is exported by another stack, which`),
    expect.stringContaining(`${VARIABLES}.V2: {{resolve:ssm:/a}} is a value of an account, which`),
  ]);
});

test("a variable of Globals is one line for all functions", async () => {
  const text = smallTemplate({
    sections: "Globals: { Function: { Environment: { Variables: { QUEUE: !Ref Work } } } }",
    resources: `${RESOURCES}
  Other: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b } }`,
  });
  expect((await readText(text)).warnings).toEqual([
    expect.stringMatching(/: Fn, .*\.QUEUE: .* gives another one; the same in Other$/),
  ]);
});

test("a function that does not run here is left out with one line, whatever its variables hold", async () => {
  const text = smallTemplate({
    resources: `${RESOURCES}
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: a.b
      CodeUri: s3://bucket/code
      Environment: { Variables: { QUEUE: !Ref Work } }`,
  });
  expect((await readText(text)).warnings).toEqual([
    expect.stringMatching(
      /: Other, Properties\.CodeUri: must be a folder or a zip file on this machine: Other is left out, for the API does not need it$/,
    ),
  ]);
});

test("a policy about what does not exist here needs no warning, and allows nothing else", async () => {
  const properties = `      Policies:
        - Statement: [{ Effect: Allow, Action: "*", Resource: [!GetAtt Work.Arn, !ImportValue other] }]`;
  const attached = `
  Policy:
    Type: AWS::IAM::Policy
    Properties: { Roles: [!ImportValue other], PolicyDocument: { Statement: [] } }`;
  const { functions, warnings } = await readText(
    smallTemplate({ resources: RESOURCES + attached, properties }),
  );
  expect(functions.get("Fn")?.policies).toEqual([
    {
      effect: "Allow",
      actions: ["*"],
      resources: ["arn:aws:sqs:eu-west-1:123456789012:local-Work", "other"],
    },
  ]);
  expect(warnings).toEqual([]);
});

test("a function's role and log group may be another stack's", async () => {
  const { functions } = await readText(
    smallTemplate({
      properties: `      Role: !ImportValue worker-role-arn
      LoggingConfig: { LogGroup: !ImportValue logs }`,
    }),
  );
  expect(functions.get("Fn")).toMatchObject({
    logGroupName: "logs",
    role: { foreignArn: "arn:aws:cloudformation:eu-west-1:123456789012:worker-role" },
  });
});

test("a route of another stack's API is none of the API's own", async () => {
  const resources = `
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.kind }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Chat, StageName: dev, AutoDeploy: true } }
  Own: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Chat, RouteKey: own } }
  Other: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !ImportValue api, RouteKey: other } }
`;
  const { api } = await readText(`Resources:${resources}`);
  expect([...api.routes.keys()]).toEqual(["own"]);
});

test.each([
  ["StageName: !Ref Work", "StageName.Ref: Work is of the type AWS::SQS::Queue"],
  ["StageName: !ImportValue stage", "StageName.Fn::ImportValue: stage is exported by"],
  ["StageName: '{{resolve:ssm:/stage}}'", "StageName: {{resolve:ssm:/stage}} is a value of"],
  ["StageVariables: { queue: !Ref Work }", "StageVariables.queue.Ref: Work is of the type"],
])("%s of the API is an error with its place", async (property, message) => {
  const text = smallTemplate({ resources: RESOURCES }).replace(
    "    Properties:\n",
    `    Properties:\n      ${property}\n`,
  );
  await expect(readText(text)).rejects.toMatchObject({
    code: "TEMPLATE_UNSUPPORTED",
    message: expect.stringContaining(`/template.yaml:6: Api, Properties.${message}`),
  });
});
