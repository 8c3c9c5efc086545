import { evaluatePolicies } from "../../../../local-gateway/iam/policy.ts";
import type { PolicyStatement } from "../../../../local-gateway/template/known-policies.ts";

const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Connections";
const PUT = { action: "dynamodb:PutItem", resource: TABLE };

function allow(action: string | string[], resource: string | string[]): PolicyStatement {
  return { effect: "Allow", actions: [action].flat(), resources: [resource].flat() };
}

function deny(action: string, resource: string): PolicyStatement {
  return { effect: "Deny", actions: [action], resources: [resource] };
}

describe("evaluatePolicies", () => {
  test.each<[string, PolicyStatement[]]>([
    ["the very action and resource", [allow("dynamodb:PutItem", TABLE)]],
    ["the action in another case", [allow("DynamoDB:putitem", TABLE)]],
    ["one of several", [allow(["s3:GetObject", "dynamodb:PutItem"], ["arn:aws:s3:::x", TABLE])]],
    ["every action of a service", [allow("dynamodb:*", TABLE)]],
    ["a part of the action's name", [allow("dynamodb:Put*", TABLE)]],
    ["one open character", [allow("dynamodb:?utItem", `${TABLE.slice(0, -1)}?`)]],
    ["everything", [allow("*", "*")]],
    ["any account and region", [allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/Connections")]],
    ["everything below", [allow("dynamodb:*", "arn:aws:dynamodb:*")]],
    ["another resource as well", [allow("*", "arn:aws:s3:::x"), allow("dynamodb:PutItem", TABLE)]],
  ])("allows what is allowed as %s", (_, statements) => {
    expect(evaluatePolicies(statements, PUT)).toBe("allowed");
  });

  test.each<[string, PolicyStatement[]]>([
    ["nothing", []],
    ["another action", [allow("dynamodb:GetItem", TABLE)]],
    ["another service", [allow("s3:*", "*")]],
    ["a longer name of an action", [allow("dynamodb:PutItems", TABLE)]],
    ["a shorter name of an action", [allow("dynamodb:Put", TABLE)]],
    ["another table", [allow("dynamodb:PutItem", `${TABLE}2`)]],
    ["the table in another case", [allow("dynamodb:PutItem", TABLE.toLowerCase())]],
    ["its indexes", [allow("dynamodb:PutItem", `${TABLE}/index/*`)]],
    ["a shorter name by one open character", [allow("dynamodb:PutItem", `${TABLE}?`)]],
    [
      "the action here and the resource there",
      [allow("dynamodb:PutItem", "arn:aws:s3:::x"), allow("s3:GetObject", TABLE)],
    ],
    ["a pattern that would be one elsewhere", [allow("dynamodb:PutItem|s3:.*", ".*")]],
    ["a deny of something else", [deny("dynamodb:GetItem", TABLE)]],
  ])("denies what is not allowed: there is only %s", (_, statements) => {
    expect(evaluatePolicies(statements, PUT)).toBe("implicitly denied");
  });

  test.each<[string, PolicyStatement[]]>([
    ["before the allow", [deny("dynamodb:PutItem", TABLE), allow("*", "*")]],
    ["after the allow", [allow("*", "*"), deny("dynamodb:Put*", "*")]],
    ["alone", [deny("*", "*")]],
  ])("denies explicitly what a Deny covers, %s", (_, statements) => {
    expect(evaluatePolicies(statements, PUT)).toBe("explicitly denied");
  });
});
