import { isRecord } from "./is-record.ts";

/** True for the call of an intrinsic function: a map whose only member is `Ref` or begins with `Fn::`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) {
    return false;
  }
  const [only = "", ...others] = Object.keys(value);
  return others.length === 0 && (only === "Ref" || only.startsWith("Fn::"));
}
