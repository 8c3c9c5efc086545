import type { TemplatePath } from "./file.ts";
import { placeholderNamed } from "./resource-attributes.ts";
import type { Scope } from "./scope.ts";
import { isRecord, isScalar } from "./values.ts";

/** Computes the value of an intrinsic function from its argument, not yet resolved, to which `path` leads. */
type IntrinsicFunction = (argument: unknown, path: TemplatePath, scope: Scope) => unknown;

/**
 * The supported intrinsic functions, by their long names: those that do not need an AWS account.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const INTRINSIC_FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map<
  string,
  IntrinsicFunction
>([
  ["Ref", (name, path, scope) => scope.refer(string(name, path, scope), path)],
  ["Condition", (name, path, scope) => scope.condition(string(name, path, scope), path)],
  ["Fn::GetAtt", getAtt],
  ["Fn::ImportValue", importValue],
  ["Fn::Sub", substitute],
  ["Fn::Join", join],
  ["Fn::Split", split],
  ["Fn::Select", select],
  ["Fn::FindInMap", findInMap],
  ["Fn::Base64", (value, path, scope) => btoa(resolvedString(value, path, scope))],
  ["Fn::If", chooseIf],
  ["Fn::Equals", equals],
  ["Fn::And", (value, path, scope) => conditions(value, path, scope).every(Boolean)],
  ["Fn::Or", (value, path, scope) => conditions(value, path, scope).some(Boolean)],
  ["Fn::Not", (value, path, scope) => !conditions(value, path, scope)[0]],
]);

function getAtt(argument: unknown, path: TemplatePath, scope: Scope): unknown {
  const parts = typeof argument === "string" ? argument.split(".") : list(argument, path, scope);
  const [logicalId, ...attribute] = parts.map((part) => resolvedString(part, path, scope));
  return scope.attribute(logicalId ?? "", attribute.join("."), path);
}

function importValue(argument: unknown, path: TemplatePath, scope: Scope): string {
  const name = resolvedString(argument, path, scope);
  const problem = `${name} is exported by another stack, which does not exist here`;
  return scope.placeholder(path, problem, () => placeholderNamed(name, scope.stack));
}

function substitute(argument: unknown, path: TemplatePath, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (!isRecord(variables)) {
    scope.fail(path, "needs a map after the string");
  }
  // The text may have a dynamic reference whose key is substituted first.
  return string(template, path, scope).replace(
    /\$\{(!?)([^}]*)\}/g,
    (_match, literal: string, name: string) => {
      if (literal !== "") {
        return `\${${name}}`;
      }
      const [logicalId = "", ...attribute] = name.trim().split(".");
      if (Object.hasOwn(variables, name.trim())) {
        return resolvedString(variables[name.trim()], path, scope);
      }
      return attribute.length > 0
        ? scope.attribute(logicalId, attribute.join("."), path)
        : string(scope.refer(logicalId, path), path, scope);
    },
  );
}

function join(argument: unknown, path: TemplatePath, scope: Scope): string {
  const [delimiter, parts] = list(argument, path, scope);
  return list(parts, path, scope)
    .map((part) => string(part, path, scope))
    .join(string(delimiter, path, scope));
}

function split(argument: unknown, path: TemplatePath, scope: Scope): string[] {
  const [delimiter, value] = list(argument, path, scope);
  return string(value, path, scope).split(string(delimiter, path, scope));
}

function select(argument: unknown, path: TemplatePath, scope: Scope): unknown {
  const [index, values] = list(argument, path, scope);
  const items = list(values, path, scope);
  return items[Number(index)] ?? scope.fail(path, `there is no item ${index}`);
}

function findInMap(argument: unknown, path: TemplatePath, scope: Scope): unknown {
  const keys = list(argument, path, scope).map((key) => string(key, path, scope));
  let found: unknown = scope.template.section("Mappings");
  for (const key of keys) {
    found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found ?? scope.fail(path, `there is no mapping ${keys.join(", ")}`);
}

function chooseIf(argument: unknown, path: TemplatePath, scope: Scope): unknown {
  // Only the chosen branch is resolved: the other may refer to what does not exist.
  if (!Array.isArray(argument) || argument.length !== 3) {
    scope.fail(path, "needs a condition and two values");
  }
  const branch = scope.condition(string(argument[0], path, scope), path) ? 1 : 2;
  return scope.resolve(argument[branch], [...path, branch]);
}

function equals(argument: unknown, path: TemplatePath, scope: Scope): boolean {
  const [left, right] = list(argument, path, scope);
  return string(left, path, scope) === string(right, path, scope);
}

function conditions(argument: unknown, path: TemplatePath, scope: Scope): boolean[] {
  return list(argument, path, scope).map((value) =>
    typeof value === "boolean" ? value : scope.fail(path, "needs conditions only"),
  );
}

function list(value: unknown, path: TemplatePath, scope: Scope): unknown[] {
  const resolved = scope.resolve(value, path);
  return Array.isArray(resolved) ? resolved : scope.fail(path, "needs a list");
}

function resolvedString(value: unknown, path: TemplatePath, scope: Scope): string {
  return string(scope.resolve(value, path), path, scope);
}

function string(value: unknown, path: TemplatePath, scope: Scope): string {
  return isScalar(value) ? String(value) : scope.fail(path, "needs a string");
}
