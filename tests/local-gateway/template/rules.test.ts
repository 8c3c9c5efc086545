import { invalid, invalidParameter, unsupported } from "./template-problems.ts";
import { readText, smallTemplate } from "./templates.ts";

const PARAMETERS = `Parameters:
  Issuer: { Type: String, Default: "" }
  Audience: { Type: String, Default: "" }
  Colours: { Type: CommaDelimitedList, Default: "red,green" }
  Count: { Type: Number, Default: 3 }
`;

const AUTHENTICATION = `${PARAMETERS}Rules:
  AuthenticationNeedsAudience:
    RuleCondition: !Not [!Equals [!Ref Issuer, ""]]
    Assertions:
      - Assert: !Not [!Equals [!Ref Audience, ""]]
        AssertDescription: Issuer needs Audience
`;

const read = (sections: string, overrides: Record<string, string> = {}) =>
  readText(smallTemplate({ sections }), overrides);

const assertion = (expression: string) =>
  `${PARAMETERS}Rules:\n  R:\n    Assertions:\n      - Assert: ${expression}\n`;

test("an assertion that is false rejects the template, with its description and its line", async () => {
  const rejected = read(AUTHENTICATION, { Issuer: "https://issuer.example" });
  await expect(rejected).rejects.toMatchObject(
    invalidParameter(
      /\/template\.yaml:10: Rules\.AuthenticationNeedsAudience\.Assertions\.0\.Assert: Issuer needs Audience$/,
    ),
  );
});

test.each([
  ["the assertion is true", { Issuer: "https://issuer.example", Audience: "chat" }],
  ["the rule's condition is false", {}],
])("a template is read when %s", async (_when, overrides) => {
  expect((await read(AUTHENTICATION, overrides)).functions.size).toBe(1);
});

test("each assertion of each rule counts, and one without a description says so itself", async () => {
  const rules = `
  First: { Assertions: [{ Assert: !Equals [a, a] }] }
  Second: { Assertions: [{ Assert: !Equals [a, a] }, { Assert: !Equals [a, A] }] }`;
  await expect(read(`Rules:${rules}`)).rejects.toMatchObject(
    invalidParameter("template.yaml:3: Rules.Second.Assertions.1.Assert: the assertion is false"),
  );
});

test.each([
  ["!Equals [!Ref Count, 3]", "!Equals [!Ref Count, 4]"],
  ['!Equals [!Ref "AWS::Region", eu-west-1]', '!Equals [!Ref "AWS::Region", us-east-1]'],
  ["!Not [!Equals [a, b]]", "!Not [!Equals [a, a]]"],
  ["!And [!Equals [a, a], !Equals [b, b]]", "!And [!Equals [a, a], !Equals [b, c]]"],
  ["!Or [!Equals [a, b], !Equals [b, b]]", "!Or [!Equals [a, b], !Equals [b, c]]"],
  ["!Contains [[2, 3], !Ref Count]", "!Contains [[2, 4], !Ref Count]"],
  ["!Contains [!Ref Colours, green]", "!Contains [!Ref Colours, blue]"],
  ["!EachMemberEquals [[a, a], a]", "!EachMemberEquals [[a, b], a]"],
  ["!EachMemberIn [!Ref Colours, [red, green, blue]]", "!EachMemberIn [!Ref Colours, [red, blue]]"],
  ["{ 'Fn::Contains': [[a, { Ref: Count }], '3'] }", "{ 'Fn::Contains': [[a], '3'] }"],
])("%s is true, and %s is false", async (holding, failing) => {
  expect((await read(assertion(holding))).functions.size).toBe(1);
  await expect(read(assertion(failing))).rejects.toMatchObject(
    invalidParameter("Assert: the assertion is false"),
  );
});

const ASSERT = "template.yaml:9: Rules.R.Assertions.0.Assert";

test.each([
  ["!RefAll 'AWS::EC2::VPC::Id'", unsupported(`${ASSERT}.Fn::RefAll: needs an AWS account`)],
  [
    "!EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], [a]]",
    unsupported(`${ASSERT}.Fn::EachMemberIn.0.Fn::ValueOfAll: needs an AWS account`),
  ],
  [
    "!Equals [!Ref Fn, a]",
    invalid(`${ASSERT}.Fn::Equals.0: there is no parameter Fn; rules can refer to parameters only`),
  ],
  [
    "!Equals [!Sub a, a]",
    invalid(`${ASSERT}.Fn::Equals.0.Fn::Sub: only Ref is allowed inside a rule function`),
  ],
  ["!If [a, b, c]", invalid(`${ASSERT}.Fn::If: is not a rule function`)],
  ["!Condition Never", invalid(`${ASSERT}.Condition: is not a rule function`)],
  ["yes", invalid(`${ASSERT}: needs a rule function`)],
  ["{ a: b, c: d }", invalid(`${ASSERT}: needs a rule function`)],
  ["!Equals a", invalid(`${ASSERT}.Fn::Equals: needs a list`)],
  ["!Equals [a]", invalid(`${ASSERT}.Fn::Equals: needs two values`)],
  ["!Equals [!Ref Colours, red]", invalid(`${ASSERT}.Fn::Equals.0: needs a string`)],
  ["!Contains [a, a]", invalid(`${ASSERT}.Fn::Contains.0: needs a list of strings`)],
  ["!Contains [[[a]], a]", invalid(`${ASSERT}.Fn::Contains.0.0: needs a string`)],
  ["!Not [!Equals [a, b], !Equals [a, b]]", invalid(`${ASSERT}.Fn::Not: needs one condition`)],
  ["!And [!Equals [a, a]]", invalid(`${ASSERT}.Fn::And: needs 2 to 10 conditions`)],
  ["!Or [a, b]", invalid(`${ASSERT}.Fn::Or.0: needs a rule function`)],
])("the assertion %s is an error with its place", async (expression, problem) => {
  await expect(read(assertion(expression))).rejects.toMatchObject(problem);
});

test.each([
  ["Rules: []", "1: Rules: must be a map"],
  ["Rules: { R: [] }", "1: Rules.R: must be a map"],
  ["Rules: { R: {} }", "1: Rules.R.Assertions: must be a list of assertions"],
  ["Rules: { R: { Assertions: [a] } }", "1: Rules.R.Assertions.0: must be a map"],
  ["Rules: { R: { Assertions: [{}] } }", "1: Rules.R.Assertions.0: needs an Assert"],
  [
    "Rules: { R: { Assertion: [] } }",
    "1: Rules.R.Assertion: is not valid here, only RuleCondition and Assertions are",
  ],
  [
    "Rules: { R: { Assertions: [{ Assert: !Equals [a, a], AssertDescription: [a] }] } }",
    "1: Rules.R.Assertions.0.AssertDescription: must be a string",
  ],
])("%s is an error with its place", async (sections, message) => {
  await expect(read(sections)).rejects.toMatchObject(invalid(`template.yaml:${message}`));
});
