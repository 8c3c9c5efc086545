/**
 * A `sendMessageRoute` message, understood.
 *
 * - `whoAmI`: the sender asks for its own connection id.
 * - `forward`: `text` is for the connection `to`.
 * - `invalid`: `reason` is a sentence that names the member at fault and what is allowed.
 *
 * `id` is the sender's own name for the message, if it gave a valid one.
 */
export type RelayMessage =
  | { readonly kind: "whoAmI"; readonly id: string | undefined }
  | {
      readonly kind: "forward";
      readonly id: string | undefined;
      readonly to: string;
      readonly text: string;
    }
  | { readonly kind: "invalid"; readonly id: string | undefined; readonly reason: string };
