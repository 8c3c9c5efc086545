import type { Target } from "./target.ts";

/**
 * What a backend asks to publish, understood: `data`, any JSON value, is for the target `to`, in an envelope from the
 * service `from`. `invalid` says why it is not understood, in a sentence. `id` is the backend's own name for the
 * message, if it gave a valid one.
 */
export type Publication = { readonly id: string | undefined } & (
  | {
      readonly kind: "envelope";
      readonly from: string | undefined;
      readonly to: Target;
      readonly data: unknown;
    }
  | { readonly kind: "invalid"; readonly reason: string }
);
