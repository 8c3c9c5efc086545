import type { Probe } from "./probe.ts";
import { PROBES } from "./probes.ts";

/** The probes with these ids, in the catalogue's order; all of them when undefined. Throws when an id is unknown. */
export function chooseProbes(only: readonly string[] | undefined): readonly Probe[] {
  const unknown = only?.find((id) => !PROBES.some((probe) => probe.id === id));
  if (unknown !== undefined) {
    throw new Error(`There is no row "${unknown}" in docs/api-gateway.md.`);
  }
  return PROBES.filter(({ id }) => only?.includes(id) ?? true);
}
