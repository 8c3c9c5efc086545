/** What must hold of a finding's value. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** One number that a benchmark found, the baseline of the same run, and the bound for it. */
export interface Finding {
  /** What was measured, in a few words. */
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
  /** The same work with nothing of the project in it, in the same unit; absent where the bound is absolute. */
  readonly baseline?: number;
  /** For `measured` divided by `baseline`, or for `measured` alone where there is no baseline; absent where nothing is promised. */
  readonly bound?: Bound;
}

/** What the command line says to benchmarks. */
export interface BenchOptions {
  /** How long those last that run for a time. */
  readonly minutes?: number | undefined;
}

/** One thing that is measured. */
export interface Benchmark {
  /** The name on the command line. */
  readonly name: string;
  /** Measures everything in one run, the baseline too. Rejects when anything but slowness goes wrong. */
  measure(options?: BenchOptions): Promise<readonly Finding[]>;
}

/** Whether a finding keeps its bound; one without a bound always does. */
export function isWithin(finding: Finding): boolean {
  const { bound } = finding;
  if (bound === undefined) {
    return true;
  }
  const value = boundedValue(finding);
  return "atMost" in bound ? value <= bound.atMost : value >= bound.atLeast;
}

/** The value that a finding's bound is about: the ratio to its baseline, or what was measured where there is none. */
export function boundedValue({ measured, baseline }: Finding): number {
  return baseline === undefined ? measured : measured / baseline;
}
