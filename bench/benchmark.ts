import type { Finding } from "./finding.ts";

/** One thing that is measured. */
export interface Benchmark {
  /** The name on the command line. */
  readonly name: string;
  /** Measures everything in one run, the floor too. Rejects when something else than slowness went wrong. */
  measure(): Promise<readonly Finding[]>;
}
