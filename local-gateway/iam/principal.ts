import type { PolicyStatement } from "../template/policy-statement.ts";

/**
 * Who signed a request.
 *
 * - `developer`: the person at this machine, who may do everything.
 * - `function`: a function of the template, which may do what its policies say. `arn` is what AWS calls it when it
 *   refuses something, for example `arn:aws:sts::123456789012:assumed-role/app-RelayFunctionRole/app-RelayFunction`.
 */
export type Principal =
  | { readonly kind: "developer" }
  | {
      readonly kind: "function";
      /** The logical id. */
      readonly functionId: string;
      readonly arn: string;
      readonly policies: readonly PolicyStatement[];
    };
