import type { TemplateFile } from "./file.ts";
import { isRecord } from "./scope.ts";

/** The values of a template's parameters, by name. Numbers are texts, as for CloudFormation; lists are of texts. */
export type ParameterValues = ReadonlyMap<string, string | readonly string[]>;

/**
 * Gives every parameter of a template its value: the override, or else the default.
 *
 * Throws a TemplateError when an override names no parameter, a value is missing or one breaks its parameter's rules.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function resolveParameters(
  template: TemplateFile,
  overrides: Readonly<Record<string, string>>,
): ParameterValues {
  const declared = isRecord(template.content) ? (template.content.Parameters ?? {}) : {};
  if (!isRecord(declared)) {
    template.fail(["Parameters"], "must be a map");
  }
  for (const name of Object.keys(overrides)) {
    if (!Object.hasOwn(declared, name)) {
      template.fail(["Parameters"], `there is no parameter ${name} to override`);
    }
  }
  const values = new Map<string, string | readonly string[]>();
  for (const [name, declaration] of Object.entries(declared)) {
    const fail = (message: string): never => template.fail(["Parameters", name], message);
    if (!isRecord(declaration)) {
      fail("must be a map");
    } else {
      values.set(name, resolveParameter(declaration, overrides[name], fail));
    }
  }
  return values;
}

function resolveParameter(
  declaration: Record<string, unknown>,
  override: string | undefined,
  fail: (message: string) => never,
): string | readonly string[] {
  const type = String(declaration.Type ?? "String");
  if (type.startsWith("AWS::SSM::")) {
    fail(`the type ${type} reads the parameter store of an account: give it another type here`);
  }
  const given = override ?? declaration.Default;
  if (given === undefined || given === null || typeof given === "object") {
    fail("has no default, and no value was given with --parameter-overrides");
  }
  const text = String(given);
  const isList = type === "CommaDelimitedList" || type.startsWith("List<");
  const items = isList ? text.split(",").map((item) => item.trim()) : [text];
  for (const item of items) {
    const problem = check(item, type, declaration);
    if (problem !== undefined) {
      fail(`"${item}" ${describe(problem, declaration)}`);
    }
  }
  return isList ? items : text;
}

function check(
  value: string,
  type: string,
  declaration: Record<string, unknown>,
): string | undefined {
  const { AllowedValues, AllowedPattern, MinValue, MaxValue, MinLength, MaxLength } = declaration;
  if (type.includes("Number") && (value.trim() === "" || Number.isNaN(Number(value)))) {
    return "is not a number";
  }
  if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(value)) {
    return `is not one of ${AllowedValues.join(", ")}`;
  }
  const mismatch = typeof AllowedPattern === "string" ? mismatchOf(value, AllowedPattern) : "";
  if (mismatch) {
    return mismatch;
  }
  if (MinValue !== undefined && Number(value) < Number(MinValue)) {
    return `is less than ${MinValue}`;
  }
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) {
    return `is more than ${MaxValue}`;
  }
  if (MinLength !== undefined && value.length < Number(MinLength)) {
    return `is shorter than ${MinLength} characters`;
  }
  if (MaxLength !== undefined && value.length > Number(MaxLength)) {
    return `is longer than ${MaxLength} characters`;
  }
  return undefined;
}

function describe(problem: string, { ConstraintDescription }: Record<string, unknown>): string {
  return ConstraintDescription === undefined ? problem : `${problem} (${ConstraintDescription})`;
}

function mismatchOf(value: string, allowedPattern: string): string | undefined {
  try {
    const matches = new RegExp(`^(?:${allowedPattern})$`).test(value);
    return matches ? undefined : `does not match ${allowedPattern}`;
  } catch {
    return `cannot be checked: its AllowedPattern ${allowedPattern} is no regular expression`;
  }
}
