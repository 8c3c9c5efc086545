// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.
import { invalid, unreadable, unsupported } from "./template-problems.ts";
import { evaluate, readText, smallTemplate } from "./templates.ts";

const VARIABLE = "/template.yaml:17: Fn, Properties.Environment.Variables.VALUE";

const RESOURCES = `
  Bucket:
    Type: AWS::S3::Bucket
  Absent:
    Type: AWS::Logs::LogGroup
    Condition: Never`;

const CONDITIONS = "Conditions: { Never: !Equals [a, b] }";

/** The code of the error about an expression, and its message from the name of the file on. */
async function errorOf(expression: string) {
  const options = { resources: RESOURCES, sections: CONDITIONS };
  const error = await evaluate(expression, options).catch((thrown) => thrown);
  return {
    code: error.code,
    message: error.message.slice(error.message.indexOf("/template.yaml:")),
  };
}

const QUEUES = `  Fn::ForEach::Queues:
    - Name
    - [One, Two]
    - \${Name}Queue: { Type: AWS::SQS::Queue }`;

test.each([
  ["!Ref Missing", `${VARIABLE}.Ref: there is no resource Missing`],
  ["!GetAtt Missing.Arn", `${VARIABLE}.Fn::GetAtt: there is no resource Missing`],
  ["!Sub ${Missing}", `${VARIABLE}.Fn::Sub: there is no resource Missing`],
  ["!Ref Buckett", `${VARIABLE}.Ref: there is no resource Buckett; did you mean Bucket?`],
  ["!GetAtt fn.Arn", `${VARIABLE}.Fn::GetAtt: there is no resource fn; did you mean Fn?`],
  ["!Select [3, [a]]", `${VARIABLE}.Fn::Select: there is no item 3`],
  ["!Join [',', text]", `${VARIABLE}.Fn::Join: needs a list`],
  ["!FindInMap [A, b, c]", `${VARIABLE}.Fn::FindInMap: there is no mapping A, b, c`],
  ["!If [Missing, a, b]", `${VARIABLE}.Fn::If: there is no condition Missing`],
  ["!If [Ever, a, b]", `${VARIABLE}.Fn::If: there is no condition Ever; did you mean Never?`],
  ["!If [Missing, a]", `${VARIABLE}.Fn::If: needs a condition and two values`],
  ["[a]", `${VARIABLE}: must be a string`],
  ["!Ref Absent", `${VARIABLE}.Ref: Absent does not exist, because its condition Never is false`],
])("%s is not valid, and the error has its place", async (expression, message) => {
  expect(await errorOf(expression)).toEqual({ code: "TEMPLATE_INVALID", message });
});

test.each([
  ["!Ref AWS::NotificationARNs", `${VARIABLE}.Ref: AWS::NotificationARNs is not supported`],
  ["!GetAtt Fn.Colour", `${VARIABLE}.Fn::GetAtt: the attribute Colour of Fn is not supported`],
  ["!GetAZs us-east-1", `${VARIABLE}: Fn::GetAZs is not supported`],
])("%s is not supported, and the error has its place", async (expression, message) => {
  expect(await errorOf(expression)).toEqual({ code: "TEMPLATE_UNSUPPORTED", message });
});

test.each([
  [
    "an unknown tag",
    { properties: "      Timeout: !Sum [1, 2]" },
    unreadable("template.yaml:15: Unresolved tag: !Sum"),
  ],
  [
    "a key that comes twice",
    { properties: "      Handler: b" },
    unreadable("template.yaml:15: Map keys must"),
  ],
  [
    "an alias without an anchor",
    { properties: "      Timeout: *missing" },
    unreadable("template.yaml: Unresolved alias"),
  ],
  [
    "a timeout that is a word",
    { properties: "      Timeout: soon" },
    invalid('template.yaml:15: Fn, Properties.Timeout: must be a number, not "soon"'),
  ],
  [
    "code in S3",
    { properties: "      CodeUri: s3://bucket/code.zip" },
    unsupported(
      "template.yaml:15: Fn, Properties.CodeUri: must be a folder or a zip file on this machine",
    ),
  ],
  [
    "an unknown build method",
    { properties: "    Metadata:\n      BuildMethod: dotnet7" },
    unsupported(
      "template.yaml:16: Fn, Metadata.BuildMethod: dotnet7 is not supported, only esbuild, makefile and nodejs are",
    ),
  ],
  [
    "a resource without a type",
    { resources: "  Odd:\n    Properties: {}" },
    invalid("template.yaml:16: Odd: a resource needs a Type"),
  ],
  [
    "a loop that makes a table",
    {
      resources: `  Fn::ForEach::Tables:
    - Name
    - [A, B]
    - \${Name}Table: { Type: AWS::DynamoDB::Table }`,
    },
    unsupported("template.yaml:16: Fn::ForEach::Tables: language extensions are not supported"),
  ],
  [
    "a loop that makes variables",
    {
      properties: `      Environment:
        Variables:
          A: b
          Fn::ForEach::Names: [Name, [C, D], { "\${Name}": e }]`,
    },
    unsupported(
      "Fn, Properties.Environment.Variables.Fn::ForEach::Names: language extensions are not supported",
    ),
  ],
  [
    "a reference to what a loop may make",
    {
      resources: QUEUES,
      properties: "      Environment: { Variables: { QUEUE: !Ref OneQueue } }",
    },
    unsupported(
      "Fn, Properties.Environment.Variables.QUEUE.Ref: there is no resource OneQueue, unless Fn::ForEach::Queues makes it",
    ),
  ],
  [
    "a malformed loop",
    { resources: "  Fn::ForEach::Many: []" },
    unsupported("template.yaml:16: Fn::ForEach::Many: language extensions are not supported"),
  ],
  [
    "a section that is not a map",
    { sections: "Globals: [a]" },
    invalid("template.yaml:1: Globals: must be a map"),
  ],
  [
    "a second API without a route",
    { resources: "  Other:\n    Type: AWS::Serverless::WebSocketApi" },
    invalid("template.yaml:16: Other, Properties.Routes: a WebSocket API needs a route"),
  ],
])("%s is an error with its place", async (_what, parts, problem) => {
  await expect(readText(smallTemplate(parts))).rejects.toMatchObject(problem);
});

test("an error has its place in members, too", async () => {
  const inResource = readText(smallTemplate({ properties: "      Timeout: soon" }));
  await expect(inResource).rejects.toMatchObject({
    file: expect.stringMatching(/^\/.*\/template\.yaml$/),
    line: 15,
    resource: "Fn",
    property: "Properties.Timeout",
  });
  const elsewhere = readText(smallTemplate({ sections: "Rules: { R: [] }" }));
  await expect(elsewhere).rejects.toMatchObject({
    line: 1,
    resource: undefined,
    property: "Rules.R",
  });
});

test("a condition that needs itself is an error", async () => {
  const sections = "Conditions: { A: !Not [!Condition A] }";
  await expect(evaluate("!If [A, b, c]", { sections })).rejects.toMatchObject(
    invalid("template.yaml:1: Conditions.A.Fn::Not.0.Condition: refers to itself"),
  );
});

test("a resource whose name needs itself is an error", async () => {
  const resources = `
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Ref Logs }`;
  await expect(evaluate("!Ref Logs", { resources })).rejects.toMatchObject(
    invalid("template.yaml:21: Logs, Properties.LogGroupName.Ref: refers to itself"),
  );
});

test("a template without an API is an error", async () => {
  await expect(readText("Resources: { A: { Type: AWS::S3::Bucket } }")).rejects.toMatchObject(
    unsupported("template.yaml:1: Resources: there is no WebSocket API"),
  );
});

test("a file that is not a template is an error", async () => {
  await expect(readText("- a\n- b")).rejects.toMatchObject(invalid("a template needs Resources"));
  await expect(readText("a: [b")).rejects.toMatchObject(unreadable("template.yaml:1: "));
});

test("a resource without references to it may be anything", async () => {
  const resources = `
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !Ref Missing, Other: !ImportValue x }`;
  const { tables } = await readText(smallTemplate({ resources }));
  expect(tables).toEqual([]);
});

test("a loop that makes nothing that runs here is left out, and a warning says so", async () => {
  const { warnings } = await readText(smallTemplate({ resources: QUEUES }));
  expect(warnings).toEqual([
    expect.stringContaining(
      "template.yaml:16: Fn::ForEach::Queues: is left out: language extensions are not supported",
    ),
  ]);
});

test("a template whose API may be in a nested application is an error about that application", async () => {
  const text = `Resources:
  Chat:
    Type: AWS::Serverless::Application
    Properties: { Location: chat.yaml }`;
  await expect(readText(text)).rejects.toMatchObject(
    unsupported(
      "template.yaml:3: Chat, Type: there is no WebSocket API outside nested applications, which are not supported: run one of their own templates: chat.yaml",
    ),
  );
});

test("an error about nested stacks of CDK names the templates that cdk synth wrote for them", async () => {
  const stackWith = (metadata: string) => `    Type: AWS::CloudFormation::Stack
    Metadata: ${metadata}
    Properties: { TemplateURL: https://bucket.s3.amazonaws.com/template.json }`;
  const text = `Resources:
  Users:
${stackWith('{ "aws:asset:path": users.nested.template.json, "aws:asset:property": TemplateURL }')}
  Chat:
${stackWith('{ "aws:asset:path": chat.nested.template.json, "aws:asset:property": TemplateURL }')}
  Other:
${stackWith("{}")}`;
  await expect(readText(text)).rejects.toMatchObject(
    unsupported(/: users\.nested\.template\.json, chat\.nested\.template\.json$/),
  );
});
