import { TemplateError } from "../../../local-gateway/template/file.ts";
import { readText } from "./read-text.ts";
import { smallTemplate } from "./small-template.ts";

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

test("an assertion that does not hold rejects the template, with its description and its line", async () => {
  const rejected = read(AUTHENTICATION, { Issuer: "https://issuer.example" });
  await expect(rejected).rejects.toThrow(TemplateError);
  await expect(rejected).rejects.toThrow(
    /\/template\.yaml:10: Rules\.AuthenticationNeedsAudience\.Assertions\.0\.Assert: Issuer needs Audience$/,
  );
});

test.each([
  ["the assertion holds", { Issuer: "https://issuer.example", Audience: "chat" }],
  ["the rule's condition does not hold", {}],
])("a template is read when %s", async (_when, overrides) => {
  expect((await read(AUTHENTICATION, overrides)).functions.size).toBe(1);
});

test("each assertion of each rule counts, and one without a description says so itself", async () => {
  const rules = `
  First: { Assertions: [{ Assert: !Equals [a, a] }] }
  Second: { Assertions: [{ Assert: !Equals [a, a] }, { Assert: !Equals [a, A] }] }`;
  await expect(read(`Rules:${rules}`)).rejects.toThrow(
    "template.yaml:3: Rules.Second.Assertions.1.Assert: the assertion does not hold",
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
])("%s holds, and %s does not", async (holding, failing) => {
  expect((await read(assertion(holding))).functions.size).toBe(1);
  await expect(read(assertion(failing))).rejects.toThrow("Assert: the assertion does not hold");
});

test.each([
  ["!RefAll 'AWS::EC2::VPC::Id'", ".Fn::RefAll: needs AWS"],
  [
    "!EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], [a]]",
    ".Fn::EachMemberIn.0.Fn::ValueOfAll: needs AWS",
  ],
  ["!Equals [!Ref Fn, a]", ".Fn::Equals.0: there is no parameter Fn, and rules see nothing else"],
  ["!Equals [!Sub a, a]", ".Fn::Equals.0.Fn::Sub: is not known here in Rules, only Ref"],
  ["!If [a, b, c]", ".Fn::If: is not known in Rules"],
  ["!Condition Never", ".Condition: is not known in Rules"],
  ["yes", ": needs a rule function"],
  ["{ a: b, c: d }", ": needs a rule function"],
  ["!Equals a", ".Fn::Equals: needs a list"],
  ["!Equals [a]", ".Fn::Equals: needs two values"],
  ["!Equals [!Ref Colours, red]", ".Fn::Equals.0: needs a text"],
  ["!Contains [a, a]", ".Fn::Contains.0: needs a list of texts"],
  ["!Contains [[[a]], a]", ".Fn::Contains.0.0: needs a text"],
  ["!Not [!Equals [a, b], !Equals [a, b]]", ".Fn::Not: needs one condition"],
  ["!And [!Equals [a, a]]", ".Fn::And: needs 2 to 10 conditions"],
  ["!Or [a, b]", ".Fn::Or.0: needs a rule function"],
])("the assertion %s is an error with its place", async (expression, message) => {
  await expect(read(assertion(expression))).rejects.toThrow(
    `template.yaml:9: Rules.R.Assertions.0.Assert${message}`,
  );
});

test.each([
  ["Rules: []", "1: Rules: must be a map"],
  ["Rules: { R: [] }", "1: Rules.R: must be a map"],
  ["Rules: { R: {} }", "1: Rules.R.Assertions: must be a list of assertions"],
  ["Rules: { R: { Assertions: [a] } }", "1: Rules.R.Assertions.0: must be a map"],
  ["Rules: { R: { Assertions: [{}] } }", "1: Rules.R.Assertions.0: needs an Assert"],
  [
    "Rules: { R: { Assertion: [] } }",
    "1: Rules.R.Assertion: is not known in Rules, only RuleCondition and Assertions",
  ],
  [
    "Rules: { R: { Assertions: [{ Assert: !Equals [a, a], AssertDescription: [a] }] } }",
    "1: Rules.R.Assertions.0.AssertDescription: must be a text",
  ],
])("%s is an error with its place", async (sections, message) => {
  await expect(read(sections)).rejects.toThrow(`template.yaml:${message}`);
});
