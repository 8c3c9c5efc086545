// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.
import { evaluate } from "./templates.ts";

const SECTIONS = `
Parameters:
  Stage: { Type: String, Default: dev }
  Zones: { Type: CommaDelimitedList, Default: "a, b,c" }
  Size: { Type: Number, Default: 7 }
Mappings:
  Limits:
    dev: { Memory: 128 }
    prod: { Memory: 512 }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Not [!Condition IsDev]
  IsSmall: !And [!Condition IsDev, !Equals [!Ref Size, 7]]
  IsAny: !Or [!Condition IsProd, !Equals [!Ref Size, "8"], !Condition IsSmall]
`;

test.each([
  ["!Ref Stage", "dev"],
  ["!Ref Size", "7"],
  ["{ Ref: Stage }", "dev"],
  ["!Sub ${Stage}-x", "dev-x"],
  ['!Sub "${!Stage} is ${Stage}"', "${Stage} is dev"],
  ["!Sub ['${a}-${Stage}', { a: !Ref Size }]", "7-dev"],
  ["!Sub ['${Stage}', { Stage: own }]", "own"],
  ["!Join ['/', [a, !Ref Stage, !Ref Size]]", "a/dev/7"],
  ["!Join ['-', !Ref Zones]", "a-b-c"],
  ["!Select [1, !Ref Zones]", "b"],
  ["!Select ['2', !Split [':', 'x:y:z']]", "z"],
  ["!FindInMap [Limits, !Ref Stage, Memory]", "128"],
  ["!Base64 abc", "YWJj"],
  ["!If [IsDev, yes it is, !Ref Missing]", "yes it is"],
  ["!If [IsProd, !Ref Missing, 'no']", "no"],
  ["!If [IsSmall, small, large]", "small"],
  ["!If [IsAny, any, none]", "any"],
  ["!If [IsProd, x, !Ref AWS::NoValue]", undefined],
  ["true", "true"],
  ["1.50", "1.5"],
  ['"yes"', "yes"],
  ["yes", "true"],
  ["2012-10-17", "2012-10-17"],
])("%s is %s", async (expression, value) => {
  expect(await evaluate(expression, { sections: SECTIONS })).toBe(value);
});

test.each([
  ["!Ref AWS::AccountId", "123456789012"],
  ["!Ref AWS::Partition", "aws"],
  ["!Ref AWS::URLSuffix", "amazonaws.com"],
  ["!Ref AWS::Region", "eu-west-1"],
  ["!Sub ${AWS::Region}.${AWS::URLSuffix}", "eu-west-1.amazonaws.com"],
])("the pseudo parameter in %s is %s", async (expression, value) => {
  expect(await evaluate(expression)).toBe(value);
});

const TABLE = `
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Logs:
    Type: AWS::Logs::LogGroup
`;

test.each([
  ["!Ref Table", "people"],
  ["!GetAtt Table.Arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/people"],
  ["!GetAtt [Table, Arn]", "arn:aws:dynamodb:eu-west-1:123456789012:table/people"],
  ["{ 'Fn::GetAtt': [Table, Arn] }", "arn:aws:dynamodb:eu-west-1:123456789012:table/people"],
  [
    "!Sub ${Table.StreamArn}",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/people/stream/2025-01-01T00:00:00.000",
  ],
  ["!Ref ApiConnectRoute", "ApiConnectRoute"],
  ["!Ref ApiDefaultStage", "default"],
  ["!Sub ${Api.Stage}", "default"],
])("%s refers to a resource as %s", async (expression, value) => {
  expect(await evaluate(expression, { resources: TABLE })).toBe(value);
});

test("the id of an API is ten small letters and digits, in its endpoint too", async () => {
  const value = await evaluate("!Sub '${Api} ${Api.ApiId} ${Api.ApiEndpoint}'");
  expect(value).toMatch(/^([a-z0-9]{10}) \1 wss:\/\/\1\.execute-api\.eu-west-1\.amazonaws\.com$/);
});

test("a name that the template does not give begins with the name of the stack", async () => {
  const value = await evaluate("!Sub '${AWS::StackName} ${Logs} ${Logs.Arn}'", {
    resources: TABLE,
  });
  expect(value).toBe("local local-Logs arn:aws:logs:eu-west-1:123456789012:log-group:local-Logs:*");
});
