/** What must hold of a finding's value. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** One number that a benchmark found, beside the floor of the same run and the bound for it. */
export interface Finding {
  /** What was measured, in a few words. */
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
  /** The same work with nothing of the project in it, in the same unit; absent where the bound is absolute. */
  readonly floor?: number;
  /** For `measured` divided by `floor`, or for `measured` alone where there is no floor; absent where nothing is promised. */
  readonly bound?: Bound;
}
