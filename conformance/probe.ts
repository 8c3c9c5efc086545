import type { ProbeContext } from "./probe-context.ts";
import type { ApplicationName } from "./target.ts";

/**
 * How sure a row of the catalogue is.
 *
 * - `documented`: AWS documents it.
 * - `recorded`: people recorded it on AWS.
 * - `our default`: neither, or sources disagree; the local gateway does what seems likeliest.
 */
export type Confidence = "documented" | "recorded" | "our default";

/** One row of `docs/api-gateway.md`, as a question to a gateway. */
export interface Probe {
  /** The row's own. */
  readonly id: string;
  /** The row's own. */
  readonly confidence: Confidence;
  /** `probe` when absent. */
  readonly application?: ApplicationName;
  /** Why it takes long on AWS; only there. */
  readonly slow?: string;
  /** Why it cannot be asked of a deployed gateway. */
  readonly localOnly?: string;
  /** Resolves when the gateway behaves as the row says; rejects otherwise, with an AssertionError where two things differ. */
  run(context: ProbeContext): Promise<void>;
}

/** What became of a probe. `expected` is absent when the probe did not get as far as to compare. */
export type Outcome = { readonly probe: Probe } & (
  | { readonly kind: "passed" }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "failed"; readonly expected?: string; readonly seen: string }
);
