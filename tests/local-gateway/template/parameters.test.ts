// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.

import { invalid, invalidParameter } from "./template-problems.ts";
import { evaluate, readText, smallTemplate } from "./templates.ts";

const value = (declaration: string, override?: string) =>
  evaluate("!Sub ${P}", {
    sections: `Parameters:\n  P: ${declaration}`,
    overrides: override === undefined ? {} : { P: override },
  });

test("an override counts before the default", async () => {
  expect(await value("{ Type: String, Default: a }", "b")).toBe("b");
  expect(await value("{ Type: String, Default: a }")).toBe("a");
  expect(await value("{ Type: String }", "")).toBe("");
});

test.each([
  ["{ Type: String }", undefined, "has no default, and no value was given"],
  ["{ Type: Number }", "many", '"many" is not a number'],
  ["{ Type: Number, MinValue: 2 }", "1", '"1" is less than 2'],
  ["{ Type: Number, MaxValue: 2 }", "3", '"3" is more than 2'],
  ["{ Type: String, MinLength: 2 }", "a", '"a" is shorter than 2 characters'],
  ["{ Type: String, MaxLength: 2 }", "abc", '"abc" is longer than 2 characters'],
  ["{ Type: String, AllowedValues: [a, b] }", "c", '"c" is not one of a, b'],
  ["{ Type: Number, AllowedValues: [1, 7] }", "17", '"17" is not one of 1, 7'],
  ["{ Type: String, AllowedPattern: '[a-z]+|x' }", "abc1", '"abc1" does not match [a-z]+|x'],
  ["{ Type: CommaDelimitedList, AllowedValues: [a] }", "a, b", '"b" is not one of a'],
  [
    "{ Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: small letters }",
    "A",
    '"A" does not match [a-z]+ (small letters)',
  ],
])("%s rejects %s", async (declaration, override, message) => {
  await expect(value(declaration, override)).rejects.toMatchObject(
    invalidParameter(`template.yaml:2: Parameters.P: ${message}`),
  );
});

test.each([
  [
    "String, AllowedPattern: '('",
    invalid("Parameters.P.AllowedPattern: ( is not a valid regular expression"),
  ],
])("a parameter of the type %s is an error with its place", async (declaration, problem) => {
  await expect(value(`{ Type: ${declaration} }`, "a")).rejects.toMatchObject(problem);
});

test("a parameter that is not a map is an error with its place", async () => {
  await expect(value("text")).rejects.toMatchObject(
    invalid("template.yaml:2: Parameters.P: must be a map"),
  );
});

test.each([
  ["{ Type: Number, MinValue: 2, MaxValue: 2 }", "2"],
  ["{ Type: String, MinLength: 2, MaxLength: 2, AllowedPattern: '^[a-z]+$' }", "ab"],
  ["{ Type: String, AllowedValues: [true, 5] }", "5"],
])("%s accepts %s", async (declaration, override) => {
  expect(await value(declaration, override)).toBe(override);
});

test("an override of a parameter that does not exist is rejected", async () => {
  await expect(evaluate("a", { overrides: { Stage: "x" } })).rejects.toMatchObject(
    invalidParameter("there is no parameter Stage to override"),
  );
});

const STORED =
  "Parameters:\n  P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/name }\n";
const VARIABLE = "      Environment: { Variables: { VALUE: !Ref P } }";

test("a parameter of the parameter store is its default with a warning, and its override without one", async () => {
  const text = smallTemplate({ sections: STORED, properties: VARIABLE });
  const byDefault = await readText(text);
  expect(byDefault.functions.get("Fn")?.environment).toEqual({ VALUE: "/app/name" });
  expect(byDefault.warnings).toEqual([
    expect.stringMatching(
      /template\.yaml:2: Parameters\.P: on AWS the default is the name of .* --parameter-overrides P=VALUE$/,
    ),
  ]);
  const overridden = await readText(text, { P: "seven" });
  expect(overridden.functions.get("Fn")?.environment).toEqual({ VALUE: "seven" });
  expect(overridden.warnings).toEqual([]);
});

test.each([
  ["'AWS::SSM::Parameter::Value<List<String>>'", "a, b", "a-b"],
  ["'AWS::SSM::Parameter::Value<CommaDelimitedList>'", "a, b", "a-b"],
  ["'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', AllowedPattern: /.*", "ami-1", "ami-1"],
  ["'AWS::SSM::Parameter::Name'", "/app/name", "/app/name"],
])("the parameter %s takes an override", async (type, override, expected) => {
  const expression = expected.includes("a-b") ? "!Join ['-', !Ref P]" : "!Ref P";
  const sections = `Parameters:\n  P: { Type: ${type} }`;
  expect(await evaluate(expression, { sections, overrides: { P: override } })).toBe(expected);
});

test("a parameter of the parameter store without any value is an error only where it is used", async () => {
  const sections = "Parameters:\n  P: { Type: 'AWS::SSM::Parameter::Value<String>' }\n";
  const unused = await readText(
    smallTemplate({ sections, properties: "      VpcConfig: { SubnetIds: [!Ref P] }" }),
  );
  expect(unused.functions.has("Fn")).toBe(true);
  await expect(readText(smallTemplate({ sections, properties: VARIABLE }))).rejects.toMatchObject(
    invalidParameter(
      /Fn, Properties\.Environment\.Variables\.VALUE\.Ref: .* --parameter-overrides P=VALUE$/,
    ),
  );
});

test("a parameter that cdk deploy gives for an asset is an error only where something that runs uses it", async () => {
  const name = `AssetParameters${"0a".repeat(32)}S3Bucket1234ABCD`;
  const sections = `Parameters:\n  ${name}: { Type: String }\n`;
  expect((await readText(smallTemplate({ sections }))).warnings).toEqual([]);
  const used = smallTemplate({ sections, properties: VARIABLE.replace("P }", `${name} }`) });
  await expect(readText(used)).rejects.toMatchObject(
    invalidParameter(`only an AWS account has the value of ${name}, and there is no default`),
  );
});

test("a rule about a value of the parameter store is skipped with a warning, and checked for an override", async () => {
  const rule = "Rules:\n  R: { Assertions: [{ Assert: !Contains [['6'], !Ref P] }] }";
  const text = smallTemplate({ sections: STORED + rule });
  expect((await readText(text)).warnings).toEqual([
    expect.stringContaining(
      "template.yaml:4: Rules.R: is not checked, because only an AWS account has the value of P: give",
    ),
  ]);
  expect((await readText(text, { P: "6" })).warnings).toEqual([]);
  await expect(readText(text, { P: "5" })).rejects.toMatchObject(
    invalidParameter("Rules.R.Assertions.0.Assert: the assertion is false"),
  );
});
