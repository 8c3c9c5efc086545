import { isIntrinsic } from "./is-intrinsic.ts";
import { isRecord } from "./is-record.ts";

/**
 * The properties of a resource with the template's Globals for its type: maps are merged, the Globals' list items come
 * before the resource's own, and of anything else the resource's own value counts.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export function mergeGlobals(
  globals: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    merged[key] = key in globals ? mergeValue(globals[key], value) : value;
  }
  return merged;
}

function mergeValue(inherited: unknown, own: unknown): unknown {
  if (Array.isArray(inherited) && Array.isArray(own)) {
    return [...inherited, ...own];
  }
  const areMaps = isRecord(inherited) && isRecord(own);
  // An intrinsic function looks like a map, but stands for one value.
  return areMaps && !isIntrinsic(inherited) && !isIntrinsic(own)
    ? mergeGlobals(inherited, own)
    : own;
}
