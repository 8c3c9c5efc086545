import type { TemplateFile } from "./file.ts";
import { suggest } from "./suggestion.ts";
import { isRecord, isScalar } from "./values.ts";

/** One parameter of a template, with its value. */
export interface Parameter {
  /**
   * Numbers are strings, as for CloudFormation; lists are of strings. Absent when only AWS knows the value and the parameter
   * has neither a default nor an override.
   */
  readonly value?: string | readonly string[];
  /**
   * True when only AWS knows the value: it is in the parameter store of an account, or `cdk deploy` gives it, and no override
   * does. The value is then the default, which is the name that it has in the parameter store.
   */
  readonly isStored: boolean;
}

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
): ReadonlyMap<string, Parameter> {
  const declared = template.section("Parameters");
  for (const name of Object.keys(overrides)) {
    if (!Object.hasOwn(declared, name)) {
      const message = `there is no parameter ${name} to override${suggest(name, Object.keys(declared))}`;
      throw template.error("TEMPLATE_PARAMETER_INVALID", ["Parameters"], message);
    }
  }
  return new Map(
    Object.entries(declared).map(([name, declaration]) => [
      name,
      resolveParameter(template, name, declaration, overrides[name]),
    ]),
  );
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html */
const STORED = /^AWS::SSM::Parameter::Value<(?<type>.+)>$/;

/**
 * The bucket, the key and the hash of an asset, which the `cdk deploy` of version 1 gives.
 *
 * @see https://docs.aws.amazon.com/cdk/v1/guide/assets.html
 */
const CDK_ASSET = /^AssetParameters[0-9a-f]{64}/;

function resolveParameter(
  template: TemplateFile,
  name: string,
  declaration: unknown,
  override: string | undefined,
): Parameter {
  const path = ["Parameters", name];
  if (!isRecord(declaration)) {
    throw template.error("TEMPLATE_INVALID", path, "must be a map");
  }
  const declared = String(declaration.Type ?? "String");
  const type = STORED.exec(declared)?.groups?.type ?? declared;
  const isList = type === "CommaDelimitedList" || type.startsWith("List<");
  const value = override ?? declaration.Default;
  if (type !== declared) {
    // What the declaration allows is about the name of the value, not about the value.
    const given = isScalar(value) && { value: readValue(String(value), isList) };
    return { ...given, isStored: override === undefined };
  }
  if (!isScalar(value) && CDK_ASSET.test(name)) {
    return { isStored: true };
  }
  if (!isScalar(value)) {
    const message = "has no default, and no value was given with --parameter-overrides";
    throw template.error("TEMPLATE_PARAMETER_INVALID", path, message);
  }
  const read = readValue(String(value), isList);
  const pattern = readAllowedPattern(template, name, declaration);
  for (const item of [read].flat()) {
    const [problem] = problemsOf(item, type, declaration, pattern);
    if (problem !== undefined) {
      const message = `"${item}" ${describe(problem, declaration)}`;
      throw template.error("TEMPLATE_PARAMETER_INVALID", path, message);
    }
  }
  return { value: read, isStored: false };
}

function readValue(text: string, isList: boolean): string | string[] {
  return isList ? text.split(",").map((item) => item.trim()) : text;
}

/** The AllowedPattern, which the whole value has to match; absent when any value may be given. */
interface AllowedPattern {
  readonly source: string;
  readonly expression: RegExp;
}

function readAllowedPattern(
  template: TemplateFile,
  name: string,
  { AllowedPattern: source }: Readonly<Record<string, unknown>>,
): AllowedPattern | undefined {
  if (typeof source !== "string") {
    return undefined;
  }
  try {
    return { source, expression: new RegExp(`^(?:${source})$`) };
  } catch (cause) {
    const message = `${source} is not a valid regular expression`;
    const path = ["Parameters", name, "AllowedPattern"];
    throw template.error("TEMPLATE_INVALID", path, message, { cause });
  }
}

/** What a value breaks of its parameter's declaration; empty when nothing. */
function problemsOf(
  value: string,
  type: string,
  declaration: Readonly<Record<string, unknown>>,
  pattern: AllowedPattern | undefined,
): string[] {
  const { AllowedValues, MinValue, MaxValue, MinLength, MaxLength } = declaration;
  const problems: string[] = [];
  if (type.includes("Number") && (value.trim() === "" || Number.isNaN(Number(value)))) {
    problems.push("is not a number");
  }
  if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(value)) {
    problems.push(`is not one of ${AllowedValues.join(", ")}`);
  }
  if (pattern?.expression.test(value) === false) {
    problems.push(`does not match ${pattern.source}`);
  }
  if (MinValue !== undefined && Number(value) < Number(MinValue)) {
    problems.push(`is less than ${MinValue}`);
  }
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) {
    problems.push(`is more than ${MaxValue}`);
  }
  if (MinLength !== undefined && value.length < Number(MinLength)) {
    problems.push(`is shorter than ${MinLength} characters`);
  }
  if (MaxLength !== undefined && value.length > Number(MaxLength)) {
    problems.push(`is longer than ${MaxLength} characters`);
  }
  return problems;
}

function describe(
  problem: string,
  { ConstraintDescription }: Readonly<Record<string, unknown>>,
): string {
  return ConstraintDescription === undefined ? problem : `${problem} (${ConstraintDescription})`;
}
