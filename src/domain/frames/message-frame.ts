import type { Target } from "../target.ts";

/**
 * The envelope in which `data` reaches its receivers. `from` is vouched for by the relay: a connection as it is
 * registered, or a backend. Receivers know a message that reaches them twice by its `messageId`; `id` is the sender's
 * own name for it, and `sentAt` the time in ISO 8601.
 */
export interface MessageFrame {
  readonly relay: "message";
  readonly messageId: string;
  readonly from:
    | { readonly connectionId: string; readonly user: string | undefined }
    | { readonly service: string | undefined };
  readonly to: Target;
  readonly data: unknown;
  readonly id: string | undefined;
  readonly sentAt: string;
}
