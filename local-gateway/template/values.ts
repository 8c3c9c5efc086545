/** Stands for `AWS::NoValue`: the property or item that has it does not exist. */
export const NO_VALUE = Symbol("AWS::NoValue");

/** True for an object with members: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for the call of an intrinsic function: a map whose only member is `Ref` or begins with `Fn::`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) {
    return false;
  }
  const [only = "", ...others] = Object.keys(value);
  return others.length === 0 && (only === "Ref" || only.startsWith("Fn::"));
}

/** True for what CloudFormation takes as a string: numbers and booleans become strings. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
