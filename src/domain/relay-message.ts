import type { Target } from "./target.ts";

/**
 * A `sendMessageRoute` message, understood.
 *
 * - `whoAmI`: the sender asks for its own connection id.
 * - `forward`: `text` is for the connection `to`, as it is.
 * - `envelope`: `data`, any JSON value, is for the target `to`, in an envelope that says who sent it.
 * - `invalid`: `reason` is a sentence that names the member at fault and what is allowed.
 *
 * `id` is the sender's own name for the message, if it gave a valid one.
 */
export type RelayMessage = { readonly id: string | undefined } & (
  | { readonly kind: "whoAmI" }
  | { readonly kind: "forward"; readonly to: string; readonly text: string }
  | { readonly kind: "envelope"; readonly to: Target; readonly data: unknown }
  | { readonly kind: "invalid"; readonly reason: string }
);
