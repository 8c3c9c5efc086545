import { invalid, unsupported } from "./template-problems.ts";
import { readText, smallTemplate } from "./templates.ts";

const TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/people";
const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:";
const ALLOW_A = "{ Statement: { Effect: Allow, Action: a:A, Resource: '*' } }";
const A = { effect: "Allow", actions: ["a:A"], resources: ["*"] };
const ALL = { effect: "Allow", actions: ["*"], resources: ["*"] };

const PEOPLE = `
  People:
    Type: AWS::Serverless::SimpleTable
    Properties: { TableName: people }`;

async function read(properties: string, resources = "", sections = "") {
  const text = smallTemplate({ properties, resources, sections });
  return (await readText(text)).functions.get("Fn");
}

test.each([
  ["DynamoDBReadPolicy", "GetItem Scan Query BatchGetItem DescribeTable", true],
  ["DynamoDBWritePolicy", "PutItem UpdateItem BatchWriteItem", true],
  [
    "DynamoDBCrudPolicy",
    "GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable ConditionCheckItem",
    true,
  ],
  ["DynamoDBReconfigurePolicy", "UpdateTable", false],
])("SAM's %s allows %s on the table", async (name, operations, indexes) => {
  const definition = await read(
    `      Policies:\n        - ${name}: { TableName: !Ref People }`,
    PEOPLE,
  );
  const [policy, ...others] = definition?.policies ?? [];
  expect(others).toEqual([]);
  expect(policy?.resources).toEqual(indexes ? [TABLE, `${TABLE}/index/*`] : [TABLE]);
  const actions = operations.split(" ").map((operation) => `dynamodb:${operation}`);
  expect([...(policy?.actions ?? [])].sort()).toEqual(actions.sort());
});

test("SAM's LambdaInvokePolicy allows to invoke the function, its versions and its aliases", async () => {
  const policies = "Policies: [LambdaInvokePolicy: { FunctionName: reports }]";
  expect((await read(`      ${policies}`))?.policies).toEqual([
    { effect: "Allow", actions: ["lambda:InvokeFunction"], resources: [`${FUNCTION}reports*`] },
  ]);
});

test("SAM's LambdaInvokePolicy for a function that exists on AWS only allows nothing here", async () => {
  const policies = "Policies: [LambdaInvokePolicy: { FunctionName: !ImportValue reports }]";
  expect((await read(`      ${policies}`))?.policies).toEqual([]);
});

test("a policy template of another service allows nothing here, whatever it names", async () => {
  const policies = "Policies: [SQSSendMessagePolicy: { QueueName: !GetAtt Queue.QueueName }]";
  expect((await read(`      ${policies}`))?.policies).toEqual([]);
});

test.each([
  ["AWSLambdaBasicExecutionRole", []],
  ["AWSLambdaExecute", []],
  ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", []],
  ["AmazonDynamoDBFullAccess", [{ effect: "Allow", actions: ["dynamodb:*"], resources: ["*"] }]],
  [
    "!Sub 'arn:$" + "{AWS::Partition}:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess'",
    [
      {
        effect: "Allow",
        actions: ["execute-api:Invoke", "execute-api:ManageConnections"],
        resources: ["arn:aws:execute-api:*:*:*"],
      },
    ],
  ],
  ["AWSLambda_FullAccess", [{ effect: "Allow", actions: ["lambda:*"], resources: ["*"] }]],
  [
    "arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
    [{ effect: "Allow", actions: ["lambda:InvokeFunction"], resources: ["*"] }],
  ],
  ["arn:aws:iam::aws:policy/job-function/../AdministratorAccess", "error"],
  ["arn:aws:iam::aws:policy/AdministratorAccess", [ALL]],
])("the managed policy %s becomes the statements that count here", async (name, statements) => {
  const definition = read(`      Policies: ${name}`);
  if (statements === "error") {
    await expect(definition).rejects.toMatchObject(
      unsupported(
        "what arn:aws:iam::aws:policy/job-function/../AdministratorAccess allows is not known",
      ),
    );
  } else {
    expect((await definition)?.policies).toEqual(statements);
  }
});

test("AmazonDynamoDBReadOnlyAccess allows to read and nothing else", async () => {
  const definition = await read("      Policies: [AmazonDynamoDBReadOnlyAccess]");
  const actions = definition?.policies.flatMap((policy) => policy.actions);
  expect(actions).toEqual(expect.arrayContaining(["dynamodb:GetItem", "dynamodb:Query"]));
  expect(actions?.filter((action) => /Put|Update|Delete|Write|\*$/.test(action))).toEqual([
    "dynamodb:Describe*",
    "dynamodb:List*",
  ]);
});

const POLICIES = "template.yaml:16: Fn, Properties.Policies";

test.each([
  [
    "DynamoDBCrudPolciy: { TableName: t }",
    invalid(`${POLICIES}.0: is neither a policy document nor one of SAM's`),
  ],
  [
    "{ DynamoDBReadPolicy: { TableName: t }, Other: {} }",
    invalid(`${POLICIES}.0: is neither a policy document nor`),
  ],
  [
    "DynamoDBReadPolicy: { Table: t }",
    invalid(`${POLICIES}.0.DynamoDBReadPolicy.TableName: is missing`),
  ],
  [
    "AmazonDynamoDBFullAcess",
    unsupported(
      `${POLICIES}.0: what AmazonDynamoDBFullAcess allows is not known here; write its statements instead`,
    ),
  ],
  [
    "arn:aws:iam::210987654321:policy/ours",
    unsupported(`${POLICIES}.0: what arn:aws:iam::210987654321:policy/ours allows`),
  ],
  [
    "LambdaInvokePolicy: { Function: reports }",
    invalid(`${POLICIES}.0.LambdaInvokePolicy.FunctionName: is missing`),
  ],
  ["[a]", invalid(`${POLICIES}.0: is not a policy`)],
])("the policy %s is an error with its place", async (policy, problem) => {
  const definition = read(`      Policies:\n        - ${policy}`);
  await expect(definition).rejects.toMatchObject(problem);
});

test("a policy, or a statement of one, may depend on a condition", async () => {
  const definition = await read(
    `
      Policies: !If
        - Never
        - [AdministratorAccess]
        - - !If [Never, AdministratorAccess, !Ref AWS::NoValue]
          - Statement:
              - !If [Never, { Effect: Deny, Action: b:B, Resource: "*" }, !Ref AWS::NoValue]
              - { Effect: Allow, Action: a:A, Resource: "*" }`,
    "",
    "Conditions: { Never: !Equals [1, 2] }",
  );
  expect(definition?.policies).toEqual([A]);
});

test("a managed policy of the template counts where it is referred to", async () => {
  const policy = `
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: ${ALLOW_A} }`;
  expect((await read("      Policies: [!Ref Shared]", policy))?.policies).toEqual([A]);
  expect((await read("      Policies: !Ref Shared", policy))?.policies).toEqual([A]);
  expect((await read("", policy))?.policies).toEqual([]);
});

test.each(["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"])(
  "an %s attached to the role that SAM makes counts for its function alone",
  async (type) => {
    const resources = `
  Attached:
    Type: ${type}
    Properties: { PolicyName: p, Roles: [!Ref FnRole], PolicyDocument: ${ALLOW_A} }
  Other:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: a.b }`;
    const { functions } = await readText(smallTemplate({ resources }));
    expect(functions.get("Fn")?.policies).toEqual([A]);
    expect(functions.get("Other")?.policies).toEqual([]);
  },
);

test("a function with a role of the template may do what the role may, not what its own Policies say", async () => {
  const resources = `
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: relay-role
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole, arn:aws:iam::aws:policy/AdministratorAccess]
      Policies: [{ PolicyName: one, PolicyDocument: ${ALLOW_A} }]
  More:
    Type: AWS::IAM::RolePolicy
    Properties: { RoleName: !Ref Role, PolicyName: more, PolicyDocument: ${ALLOW_A} }`;
  const properties = "      Role: !GetAtt Role.Arn\n      Policies: [AmazonDynamoDBFullAccess]";
  const definition = await read(properties, resources);
  expect(definition?.policies).toEqual([A, ALL, A]);
  expect(definition?.role).toEqual({ name: "relay-role" });
});

test("a function with a role from elsewhere may do everything, and says so", async () => {
  const arn = "arn:aws:iam::210987654321:role/ours/relay";
  const definition = await read(`      Role: ${arn}`);
  expect(definition?.policies).toEqual([ALL]);
  expect(definition?.role).toEqual({ name: "relay", foreignArn: arn });
});

test("connectors that write to a function let it be invoked, those that read do not", async () => {
  const resources = `
  Other:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: a.b }
  Invoking:
    Type: AWS::Serverless::Connector
    Properties: { Source: { Id: Fn }, Destination: { Id: Other }, Permissions: [Write] }
  Reading:
    Type: AWS::Serverless::Connector
    Properties: { Source: { Id: Fn }, Destination: { Id: Other }, Permissions: [Read] }`;
  expect((await read("", resources))?.policies).toEqual([
    {
      effect: "Allow",
      actions: ["lambda:InvokeAsync", "lambda:InvokeFunction"],
      resources: [`${FUNCTION}local-Other`],
    },
  ]);
});

test("connectors to a table count, those to anything else do not", async () => {
  const resources = `${PEOPLE}
  Queue: { Type: AWS::SQS::Queue }
  Reading:
    Type: AWS::Serverless::Connector
    Properties:
      Source: { Id: Fn }
      Destination: [{ Id: People }, { Id: Queue }]
      Permissions: [Read]
  Others:
    Type: AWS::Serverless::Connector
    Properties: { Source: { Id: Other }, Destination: { Id: People }, Permissions: [Write] }`;
  const embedded = `
    Connectors:
      Writing: { Properties: { Destination: { Id: People }, Permissions: [Write] } }`;
  const definition = await read(embedded, resources);
  const [reading, writing, ...others] = definition?.policies ?? [];
  expect(reading?.actions).toContain("dynamodb:Query");
  expect(reading?.actions).not.toContain("dynamodb:PutItem");
  expect(reading?.resources).toEqual([TABLE, `${TABLE}/index/*`]);
  expect(writing?.actions).toContain("dynamodb:PutItem");
  expect(others).toEqual([]);
});
