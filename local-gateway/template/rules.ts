import type { TemplatePath } from "./file.ts";
import { namesIn } from "./names.ts";
import type { Scope } from "./scope.ts";
import { isRecord, isScalar } from "./values.ts";

/**
 * Checks the parameters' values against the template's Rules: when a rule's condition is true, or it has none, every one
 * of its assertions must be true. A rule about a parameter whose value only AWS knows is skipped with a warning.
 *
 * Throws a TemplateError with the description of the first assertion that is false, or when the rules themselves are
 * wrong.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(scope: Scope): void {
  for (const [name, rule] of rulesToCheck(scope)) {
    const path = ["Rules", name];
    const stored = namesIn(rule).find((parameter) => scope.isStored(parameter));
    if (stored === undefined) {
      checkRule(scope, rule, path);
    } else {
      const message = `is not checked, because only an AWS account has the value of ${stored}: give it with --parameter-overrides ${stored}=VALUE`;
      scope.warn(path, message);
    }
  }
}

/**
 * All rules but that of CDK about its own resources in an account, which serve its deployments only.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
 */
function rulesToCheck(scope: Scope): [name: string, rule: unknown][] {
  const { BootstrapVersion: parameter } = scope.template.section("Parameters");
  const isCdk = isRecord(parameter) && String(parameter.Default).startsWith("/cdk-bootstrap/");
  return Object.entries(scope.template.section("Rules")).filter(
    ([name]) => !isCdk || name !== "CheckBootstrapVersion",
  );
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
  const { Assert, AssertDescription = "the assertion is false" } = readMembers(
    scope,
    assertion,
    path,
    ["Assert", "AssertDescription"],
  );
  if (Assert === undefined) {
    scope.fail(path, "needs an Assert");
  }
  if (typeof AssertDescription !== "string") {
    scope.fail([...path, "AssertDescription"], "must be a string");
  }
  const own = [...path, "Assert"];
  if (applies && !evaluateRuleCondition(scope, Assert, own)) {
    throw scope.template.error("TEMPLATE_PARAMETER_INVALID", own, AssertDescription);
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
      scope.fail([...path, name], `is not valid here, only ${known.join(" and ")} are`);
    }
  }
  return value;
}

type RuleFunction = (scope: Scope, values: readonly unknown[], path: TemplatePath) => boolean;

/** How many conditions Fn::And and Fn::Or combine. */
const FEWEST_CONDITIONS = 2;
const MOST_CONDITIONS = 10;

const RULE_FUNCTIONS: ReadonlyMap<string, RuleFunction> = new Map<string, RuleFunction>([
  ["Fn::And", (...call) => conditions(...call).every(Boolean)],
  ["Fn::Or", (...call) => conditions(...call).some(Boolean)],
  [
    "Fn::Not",
    (scope, values, path) => {
      requireCount(scope, values, path, 1);
      return !evaluateRuleCondition(scope, values[0], [...path, 0]);
    },
  ],
  [
    "Fn::Equals",
    (scope, values, path) => {
      requireCount(scope, values, path, 2);
      return stringAt(scope, values, path, 0) === stringAt(scope, values, path, 1);
    },
  ],
  ["Fn::Contains", (...call) => listAndString(...call, (list, text) => list.includes(text))],
  [
    "Fn::EachMemberEquals",
    (...call) => listAndString(...call, (list, text) => list.every((item) => item === text)),
  ],
  [
    "Fn::EachMemberIn",
    (scope, values, path) => {
      requireCount(scope, values, path, 2);
      const allowed = stringsAt(scope, values, path, 1);
      return stringsAt(scope, values, path, 0).every((item) => allowed.includes(item));
    },
  ],
]);

/** They read the VPCs, subnets and other things of an account. */
const FUNCTIONS_OF_AN_ACCOUNT = new Set(["Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"]);
const NEEDS_ACCOUNT = "needs an AWS account";

/**
 * Whether a condition or an assertion of a rule is true. Rules have functions of their own, and can refer to parameters
 * only.
 *
 * Throws a TemplateError for anything else, and for the functions that need an AWS account.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
 */
function evaluateRuleCondition(scope: Scope, value: unknown, path: TemplatePath): boolean {
  const [name, argument] = callOf(value) ?? scope.fail(path, "needs a rule function");
  const own = [...path, name];
  if (FUNCTIONS_OF_AN_ACCOUNT.has(name)) {
    scope.unsupported(own, NEEDS_ACCOUNT);
  }
  const evaluate = RULE_FUNCTIONS.get(name) ?? scope.fail(own, "is not a rule function");
  return evaluate(scope, Array.isArray(argument) ? argument : scope.fail(own, "needs a list"), own);
}

/** The name and the argument of a function; undefined when the value is not a function call. */
function callOf(value: unknown): [name: string, argument: unknown] | undefined {
  const [call, ...others] = isRecord(value) ? Object.entries(value) : [];
  return others.length === 0 ? call : undefined;
}

function conditions(scope: Scope, values: readonly unknown[], path: TemplatePath): boolean[] {
  if (values.length < FEWEST_CONDITIONS || values.length > MOST_CONDITIONS) {
    scope.fail(path, `needs ${FEWEST_CONDITIONS} to ${MOST_CONDITIONS} conditions`);
  }
  return values.map((value, index) => evaluateRuleCondition(scope, value, [...path, index]));
}

function listAndString(
  scope: Scope,
  values: readonly unknown[],
  path: TemplatePath,
  compare: (list: readonly string[], text: string) => boolean,
): boolean {
  requireCount(scope, values, path, 2);
  return compare(stringsAt(scope, values, path, 0), stringAt(scope, values, path, 1));
}

function requireCount(
  scope: Scope,
  values: readonly unknown[],
  path: TemplatePath,
  count: 1 | 2,
): void {
  if (values.length !== count) {
    scope.fail(path, count === 1 ? "needs one condition" : "needs two values");
  }
}

function stringsAt(
  scope: Scope,
  values: readonly unknown[],
  path: TemplatePath,
  index: number,
): readonly string[] {
  const own = [...path, index];
  const list = refer(scope, values[index], own);
  return Array.isArray(list)
    ? list.map((_item, position) => stringAt(scope, list, own, position))
    : scope.fail(own, "needs a list of strings");
}

function stringAt(
  scope: Scope,
  values: readonly unknown[],
  path: TemplatePath,
  index: number,
): string {
  const own = [...path, index];
  const value = refer(scope, values[index], own);
  return isScalar(value) ? String(value) : scope.fail(own, "needs a string");
}

/** The value of a parameter where there is a Ref to one, anything else as it is. */
function refer(scope: Scope, value: unknown, path: TemplatePath): unknown {
  const [name, argument] = callOf(value) ?? [];
  if (name === undefined) {
    return value;
  }
  if (name !== "Ref" || typeof argument !== "string") {
    return FUNCTIONS_OF_AN_ACCOUNT.has(name)
      ? scope.unsupported([...path, name], NEEDS_ACCOUNT)
      : scope.fail([...path, name], "only Ref is allowed inside a rule function");
  }
  const parameters = scope.template.section("Parameters");
  return argument.startsWith("AWS::") || Object.hasOwn(parameters, argument)
    ? scope.refer(argument, path)
    : scope.fail(path, `there is no parameter ${argument}; rules can refer to parameters only`);
}
