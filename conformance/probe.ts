import type { ApplicationName } from "./application-name.ts";
import type { ProbeContext } from "./probe-context.ts";
import type { Standing } from "./standing.ts";

/** One row of `docs/api-gateway.md`, as a question to a gateway. */
export interface Probe {
  /** The row's own. */
  readonly id: string;
  /** The row's own. */
  readonly standing: Standing;
  /** `probe` when absent. */
  readonly application?: ApplicationName;
  /** Why it takes long on AWS; only there. */
  readonly slow?: string;
  /** Why it cannot be asked of a deployed gateway. */
  readonly localOnly?: string;
  /** Resolves when the gateway behaves as the row says; rejects otherwise, with an AssertionError where two things differ. */
  run(context: ProbeContext): Promise<void>;
}
