import { evaluateRuleCondition } from "./evaluate-rule-condition.ts";
import { isRecord } from "./is-record.ts";
import type { Scope } from "./scope.ts";
import type { TemplatePath } from "./template-file.ts";

/**
 * Checks the parameters' values against the template's Rules: where a rule's condition holds, or it has none, every one
 * of its assertions has to hold.
 *
 * Throws a TemplateError with the description of the first assertion that does not hold, or when the rules themselves
 * are wrong.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(scope: Scope): void {
  const { content } = scope.template;
  const rules = isRecord(content) ? content.Rules : undefined;
  if (rules === undefined) {
    return;
  }
  if (!isRecord(rules)) {
    scope.fail(["Rules"], "must be a map");
  }
  for (const [name, rule] of Object.entries(rules)) {
    checkRule(scope, rule, ["Rules", name]);
  }
}

function checkRule(scope: Scope, rule: unknown, path: TemplatePath): void {
  const { RuleCondition, Assertions } = readMembers(scope, rule, path, [
    "RuleCondition",
    "Assertions",
  ]);
  if (!Array.isArray(Assertions) || Assertions.length === 0) {
    scope.fail([...path, "Assertions"], "must be a list of assertions");
  }
  const applies =
    RuleCondition === undefined ||
    evaluateRuleCondition(scope, RuleCondition, [...path, "RuleCondition"]);
  for (const [index, assertion] of Assertions.entries()) {
    checkAssertion(scope, assertion, [...path, "Assertions", index], applies);
  }
}

function checkAssertion(
  scope: Scope,
  assertion: unknown,
  path: TemplatePath,
  applies: boolean,
): void {
  const { Assert, AssertDescription = "the assertion does not hold" } = readMembers(
    scope,
    assertion,
    path,
    ["Assert", "AssertDescription"],
  );
  if (Assert === undefined) {
    scope.fail(path, "needs an Assert");
  }
  if (typeof AssertDescription !== "string") {
    scope.fail([...path, "AssertDescription"], "must be a text");
  }
  if (applies && !evaluateRuleCondition(scope, Assert, [...path, "Assert"])) {
    scope.fail([...path, "Assert"], AssertDescription);
  }
}

function readMembers(
  scope: Scope,
  value: unknown,
  path: TemplatePath,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) {
    return scope.fail(path, "must be a map");
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      scope.fail([...path, name], `is not known in Rules, only ${known.join(" and ")}`);
    }
  }
  return value;
}
