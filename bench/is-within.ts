import { boundedValue } from "./bounded-value.ts";
import type { Finding } from "./finding.ts";

/** Whether a finding keeps its bound; one without a bound always does. */
export function isWithin(finding: Finding): boolean {
  const { bound } = finding;
  if (bound === undefined) {
    return true;
  }
  const value = boundedValue(finding);
  return "atMost" in bound ? value <= bound.atMost : value >= bound.atLeast;
}
