import type { Finding } from "./finding.ts";

/** The value that a finding's bound is about: the ratio to its floor, or what was measured where there is none. */
export function boundedValue({ measured, floor }: Finding): number {
  return floor === undefined ? measured : measured / floor;
}
