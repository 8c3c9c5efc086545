// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.
import { TemplateError } from "../../../local-gateway/template/file.ts";
import { evaluate } from "./evaluate.ts";
import { readText } from "./read-text.ts";
import { smallTemplate } from "./small-template.ts";

const VARIABLE = "/template.yaml:17: Fn, Properties.Environment.Variables.VALUE";

test.each([
  ["!Ref Missing", `${VARIABLE}.Ref: there is no resource Missing`],
  ["!Ref AWS::NotificationARNs", `${VARIABLE}.Ref: there is no AWS::NotificationARNs here`],
  ["!GetAtt Fn.Colour", `${VARIABLE}.Fn::GetAtt: Fn has no attribute Colour here`],
  ["!GetAtt Missing.Arn", `${VARIABLE}.Fn::GetAtt: there is no resource Missing`],
  ["!Sub ${Missing}", `${VARIABLE}.Fn::Sub: there is no resource Missing`],
  ["!Ref Buckett", `${VARIABLE}.Ref: there is no resource Buckett; is Bucket meant?`],
  ["!GetAtt fn.Arn", `${VARIABLE}.Fn::GetAtt: there is no resource fn; is Fn meant?`],
  ["!ImportValue other", `${VARIABLE}: Fn::ImportValue is not known here`],
  ["!GetAZs us-east-1", `${VARIABLE}: Fn::GetAZs is not known here`],
  ["!Select [3, [a]]", `${VARIABLE}.Fn::Select: there is no item 3`],
  ["!Join [',', text]", `${VARIABLE}.Fn::Join: needs a list`],
  ["!FindInMap [A, b, c]", `${VARIABLE}.Fn::FindInMap: there is no mapping A, b, c`],
  ["!If [Missing, a, b]", `${VARIABLE}.Fn::If: there is no condition Missing`],
  ["!If [Ever, a, b]", `${VARIABLE}.Fn::If: there is no condition Ever; is Never meant?`],
  ["!If [Missing, a]", `${VARIABLE}.Fn::If: needs a condition and two values`],
  ["'{{resolve:ssm:name}}'", `${VARIABLE}: a dynamic reference needs AWS`],
  ["[a]", `${VARIABLE}: must be a text`],
  ["!Ref Bucket", `${VARIABLE}.Ref: Bucket is an AWS::S3::Bucket, which does not exist here`],
  ["!Ref Absent", `${VARIABLE}.Ref: Absent does not exist, because Never does not hold`],
])("%s is an error with its place", async (expression, message) => {
  const resources = `
  Bucket:
    Type: AWS::S3::Bucket
  Absent:
    Type: AWS::Logs::LogGroup
    Condition: Never`;
  const sections = "Conditions: { Never: !Equals [a, b] }";
  const error = await evaluate(expression, { resources, sections }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TemplateError);
  expect(error.message.slice(error.message.indexOf("/template.yaml:"))).toBe(message);
});

test.each([
  ["a tag that nobody knows", { properties: "      Timeout: !Sum [1, 2]" }, "template.yaml:15: "],
  ["a key that comes twice", { properties: "      Handler: b" }, "template.yaml:15: Map keys must"],
  [
    "a timeout that is a word",
    { properties: "      Timeout: soon" },
    'template.yaml:15: Fn, Properties.Timeout: must be a number, not "soon"',
  ],
  [
    "code in S3",
    { properties: "      CodeUri: s3://bucket/code.zip" },
    "template.yaml:15: Fn, Properties.CodeUri: must be a folder of this machine",
  ],
  [
    "code in the template",
    { properties: "      InlineCode: exports.handler = 1" },
    "template.yaml:15: Fn, Properties.InlineCode: only code in a folder runs here",
  ],
  [
    "a build method that is not esbuild",
    { properties: "    Metadata:\n      BuildMethod: makefile" },
    "template.yaml:16: Fn, Metadata.BuildMethod: makefile is not known here, only esbuild",
  ],
  [
    "a resource without a type",
    { resources: "  Odd:\n    Properties: {}" },
    "template.yaml:16: Odd: a resource needs a Type",
  ],
  [
    "a second API",
    { resources: "  Other:\n    Type: AWS::Serverless::WebSocketApi" },
    "template.yaml:16: Other: a second WebSocket API does not run here",
  ],
])("%s is an error with its place", async (_what, parts, message) => {
  await expect(readText(smallTemplate(parts))).rejects.toThrow(message);
});

test("a condition that needs itself is an error", async () => {
  const sections = "Conditions: { A: !Not [!Condition A] }";
  await expect(evaluate("!If [A, b, c]", { sections })).rejects.toThrow(
    "template.yaml:1: Conditions.A.Fn::Not.0.Condition: refers to itself",
  );
});

test("a resource whose name needs itself is an error", async () => {
  const resources = `
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Ref Logs }`;
  await expect(evaluate("!Ref Logs", { resources })).rejects.toThrow(
    "template.yaml:21: Logs, Properties.LogGroupName.Ref: refers to itself",
  );
});

test("a template without an API is an error", async () => {
  await expect(readText("Resources: { A: { Type: AWS::S3::Bucket } }")).rejects.toThrow(
    "template.yaml:1: Resources: there is no WebSocket API",
  );
});

test("text that is no template is an error", async () => {
  await expect(readText("- a\n- b")).rejects.toThrow("a template needs Resources");
  await expect(readText("a: [b")).rejects.toThrow(TemplateError);
});

test("resources that nobody refers to may be anything", async () => {
  const resources = `
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !Ref Nobody, Other: !ImportValue x }`;
  const { tables } = await readText(smallTemplate({ resources }));
  expect(tables).toEqual([]);
});
