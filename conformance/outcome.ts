import type { Probe } from "./probe.ts";

/** What became of a probe. `expected` is absent when the probe did not get as far as to compare. */
export type Outcome = { readonly probe: Probe } & (
  | { readonly kind: "held" }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "failed"; readonly expected?: string; readonly seen: string }
);
